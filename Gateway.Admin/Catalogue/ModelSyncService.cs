using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// Syncs on an interval, and at once where the start has not: it does not wait for the upstream when a catalogue is stored. After a failed
/// round the catalogue stays as it was until the next.
/// </summary>
internal sealed partial class ModelSyncService(
    ModelSync sync,
    PolicySource policy,
    LiteLlmOptions options,
    Rounds rounds,
    ILogger<ModelSyncService> logger
) : PeriodicService("model_sync", rounds)
{
    protected override bool RunsAtStart => !sync.HasBegun;

    protected override TimeSpan Interval =>
        options.ModelSyncInterval > TimeSpan.Zero ? options.ModelSyncInterval
        : sync.HasBegun || policy.Current.Upstreams.Count == 0 ? TimeSpan.Zero
        : TimeSpan.FromDays(1); // only the first round is wanted, and asked for once more when it has begun

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (policy.Current.Upstreams.Count == 0)
        {
            return; // an admin may make one
        }
        var result = await sync.SyncModelsAsync(cancellationToken);
        if (result.Created + result.Updated + result.Errors.Count > 0)
        {
            Log.Synced(logger, result.Created, result.Updated, result.Errors.Count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Models were synchronized: {Created} created, {Updated} updated, {Errors} not taken."
        )]
        public static partial void Synced(ILogger logger, int created, int updated, int errors);
    }
}

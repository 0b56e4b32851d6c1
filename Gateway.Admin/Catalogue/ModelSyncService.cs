using Gateway.Core.Configuration;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// Syncs on an interval, and at once where the start has not: it does not wait for the upstream when a catalogue is stored. A failed round
/// is logged by what failed and tried again at the next; the catalogue stays as it was.
/// </summary>
internal sealed partial class ModelSyncService(
    ModelSync sync,
    LiteLlmEndpoint endpoint,
    HubOptions options,
    TimeProvider time,
    ILogger<ModelSyncService> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (endpoint.BaseAddress is null)
        {
            return;
        }
        if (!sync.HasBegun)
        {
            await SyncAsync(stoppingToken);
        }
        if (options.ModelSyncInterval <= TimeSpan.Zero)
        {
            return;
        }
        using var timer = new PeriodicTimer(options.ModelSyncInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await SyncAsync(stoppingToken);
        }
    }

    private async Task SyncAsync(CancellationToken stoppingToken)
    {
        try
        {
            var result = await sync.SyncModelsAsync(stoppingToken);
            if (result.Created + result.Updated + result.Errors.Count > 0)
            {
                Log.Synced(logger, result.Created, result.Updated, result.Errors.Count);
            }
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, fault.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Models were synchronized: {Created} created, {Updated} updated, {Errors} not taken."
        )]
        public static partial void Synced(ILogger logger, int created, int updated, int errors);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Models could not be synchronized: {Reason} The catalogue stays as it was.")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

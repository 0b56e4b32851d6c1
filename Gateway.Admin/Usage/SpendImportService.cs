using Gateway.Core.Background;
using Gateway.Core.Configuration;

namespace Gateway.Admin.Usage;

/// <summary>
/// Imports LiteLLM's spend every minute, when the option says so. The next round makes up for one that fails: rounds overlap by a day.
/// </summary>
internal sealed partial class SpendImportService(
    SpendImport import,
    LiteLlmOptions options,
    UpstreamOptions upstream,
    Rounds rounds,
    ILogger<SpendImportService> logger
) : PeriodicService("spend_import", rounds)
{
    private const int Days = 1;

    // The sandbox keeps no spend.
    protected override TimeSpan Interval =>
        options.ImportSpend && upstream.LiteLlmBaseUrls.Count > 0 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await import.RunAsync(Days, userId: null, cancellationToken) is { Created: > 0 } result)
        {
            Log.Imported(logger, result.Created);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Created} calls were imported from LiteLLM's spend logs.")]
        public static partial void Imported(ILogger logger, int created);
    }
}

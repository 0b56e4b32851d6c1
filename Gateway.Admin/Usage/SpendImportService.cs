using Gateway.Core.Configuration;

namespace Gateway.Admin.Usage;

/// <summary>
/// Imports LiteLLM's spend every minute, when the option says so. A round that fails is logged and made up for by the next: rounds overlap
/// by a day.
/// </summary>
internal sealed partial class SpendImportService(
    SpendImport import,
    HubOptions options,
    TimeProvider time,
    ILogger<SpendImportService> logger
) : BackgroundService
{
    private const int Days = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.ImportSpend || options.LiteLlmBaseUrls.Count == 0) // the sandbox keeps no spend
        {
            return;
        }
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await import.RunAsync(Days, userId: null, stoppingToken) is { Created: > 0 } result)
                {
                    Log.Imported(logger, result.Created);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, fault.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Created} calls were imported from LiteLLM's spend logs.")]
        public static partial void Imported(ILogger logger, int created);

        [LoggerMessage(Level = LogLevel.Warning, Message = "LiteLLM's spend could not be imported: {Reason} The next round tries again.")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

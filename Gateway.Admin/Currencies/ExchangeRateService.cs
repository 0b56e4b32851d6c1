using Gateway.Admin.Changes;
using Gateway.Core.Storage;

namespace Gateway.Admin.Currencies;

/// <summary>Updates the rates at start and at every midnight (UTC). Without a key it does nothing.</summary>
internal sealed partial class ExchangeRateService(ExchangeRates rates, TimeProvider time, ILogger<ExchangeRateService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (rates.IsConfigured && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await rates.UpdateAsync(Actor.System, stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, fault);
            }
            var now = time.UtcNow();
            await Task.Delay(UtcTime.DayOf(now).AddDays(1) - now, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Exchange rates could not be updated.")]
        public static partial void Failed(ILogger logger, Exception fault);
    }
}

using Gateway.Admin.Changes;
using Gateway.Core.Background;
using Gateway.Core.Storage;

namespace Gateway.Admin.Currencies;

/// <summary>Updates the rates at start and at every midnight (UTC). Without a key it does nothing.</summary>
internal sealed class ExchangeRateService(ExchangeRates rates, TimeProvider time, Rounds rounds) : PeriodicService("exchange_rates", rounds)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    protected override TimeSpan Interval =>
        !rates.IsConfigured ? TimeSpan.Zero
        : time.UtcNow() is var now && UtcTime.DayOf(now).AddDays(1) - now is var left && left > Shortest ? left
        : Shortest;

    protected override bool RunsAtStart => true;

    protected override Task RunAsync(CancellationToken cancellationToken) => rates.UpdateAsync(Actor.System, cancellationToken);
}

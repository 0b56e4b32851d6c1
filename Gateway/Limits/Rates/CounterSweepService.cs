using Gateway.Core.Background;

namespace Gateway.Limits.Rates;

/// <summary>Evicts idle counters.</summary>
internal sealed class CounterSweepService(CounterStore counters, Rounds rounds) : PeriodicService("rate_counters", rounds)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(15);

    protected override Task RunAsync(CancellationToken cancellationToken)
    {
        counters.Sweep();
        return Task.CompletedTask;
    }
}

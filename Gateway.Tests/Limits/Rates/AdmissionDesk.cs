using Gateway.Core.Quotas;
using Gateway.Limits.Rates;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Rates;

/// <summary>The engine with a clock and a history in the test's hand.</summary>
internal sealed class AdmissionDesk
{
    public AdmissionDesk(DateTimeOffset? start = null)
        : this(new ManualTimeProvider(start)) { }

    public AdmissionDesk(ManualTimeProvider time)
    {
        Time = time;
        History = new PlayedHistory(time);
        var clock = new WindowClock(Time);
        Store = new CounterStore(History, clock);
        Controller = new AdmissionController(Store, clock);
    }

    public ManualTimeProvider Time { get; }

    public PlayedHistory History { get; }

    public CounterStore Store { get; }

    public AdmissionController Controller { get; }

    /// <summary>Asks; history answers at once, so the answer is there.</summary>
    public AdmissionResult Ask(long tokens, params RateLimit[] limits) => Ask(TokenEstimate.Exactly(tokens), limits);

    /// <summary>Asks with an estimate.</summary>
    public AdmissionResult Ask(TokenEstimate estimate, params RateLimit[] limits)
    {
        var asked = Controller.AdmitAsync(limits, "u1", estimate, default);
        return asked.IsCompleted ? asked.Result : asked.AsTask().GetAwaiter().GetResult();
    }

    public AdmissionLease Admit(long tokens, params RateLimit[] limits)
    {
        var (lease, refusal) = Ask(tokens, limits);
        Assert.Null(refusal);
        return lease!;
    }

    public LimitRefusal Refuse(long tokens, params RateLimit[] limits)
    {
        var (lease, refusal) = Ask(tokens, limits);
        Assert.Null(lease);
        return refusal!;
    }

    /// <summary>Asks often, ends each call at once, and counts who was let in.</summary>
    public int AdmitMany(int count, long tokens, params RateLimit[] limits)
    {
        var admitted = 0;
        for (var call = 0; call < count; call++)
        {
            if (Ask(tokens, limits).Lease is { } lease)
            {
                lease.Release(LeaseEnd.Answered(tokens));
                admitted++;
            }
        }
        return admitted;
    }

    public LimitUsage Read(RateLimit limit, LimitWindow window)
    {
        var read = Controller.ReadAsync(limit, "u1", default);
        var usages = read.IsCompleted ? read.Result : read.AsTask().GetAwaiter().GetResult();
        return usages.Single(u => u.Window == window);
    }

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));
}

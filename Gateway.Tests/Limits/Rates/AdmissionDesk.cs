using System.Collections.Concurrent;
using Gateway.Limits.Rates;
using Gateway.Core.Quotas;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Rates;

/// <summary>The engine with a clock and a history in the test's hand.</summary>
internal sealed class AdmissionDesk
{
    public AdmissionDesk(DateTimeOffset? start = null)
        : this(new ManualTimeProvider(start))
    {
    }

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

/// <summary>Limits for tests.</summary>
internal static class Limits
{
    public static RateLimit Key(string id = "k1") => new("l-" + id, QuotaScope.ApiKey, id, null, QuotaMode.Enforce);

    public static RateLimit User(string id = "u1") => new("l-" + id, QuotaScope.User, id, null, QuotaMode.Enforce);

    public static RateLimit Team(string id = "t1") => new("l-" + id, QuotaScope.Team, id, null, QuotaMode.Enforce);

    public static RateLimit TierModel(string id = "free", string modelId = "m1") => new("l-" + id, QuotaScope.TierModel, id, modelId, QuotaMode.Enforce);

    public static RateLimit AsShadow(this RateLimit limit) => limit with { Mode = QuotaMode.Shadow };
}

/// <summary>A history that the test writes.</summary>
internal sealed class PlayedHistory(ManualTimeProvider time) : IUsageHistory
{
    private readonly ConcurrentDictionary<CounterKey, PastUsage> _past = new();

    /// <summary>Null: all that was is written.</summary>
    public long? WrittenThroughTimestamp { get; set; }

    /// <summary>What a read waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Answers for all keys that were not set, given the key, the start of the day, and the start of the last minute.</summary>
    public Func<CounterKey, DateTime, DateTime, PastUsage> Others { get; set; } = (_, _, _) => PastUsage.None;

    public ConcurrentQueue<CounterKey> Reads { get; } = new();

    public long WrittenThrough => WrittenThroughTimestamp ?? time.GetTimestamp();

    public void Set(RateLimit limit, PastUsage past) => _past[CounterKey.Of(limit, "u1")] = past;

    public async Task<PastUsage> ReadAsync(CounterKey key, DateTime dayStart, DateTime recentStart)
    {
        Reads.Enqueue(key);
        await Gate;
        return _past.TryGetValue(key, out var past) ? past : Others(key, dayStart, recentStart);
    }
}

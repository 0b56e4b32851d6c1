using System.Collections.Concurrent;
using Gateway.Core.Quotas;
using Gateway.Limits.Rates;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Rates;

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

using System.Collections.Concurrent;

namespace Gateway.Limits.Rates;

/// <summary>
/// All counters of this process. They come into being at first use and are filled from history then; idle ones are evicted by
/// <see cref="Sweep"/>, so that memory follows who calls, not who has an account. Thread-safe.
/// </summary>
internal sealed class CounterStore(IUsageHistory history, WindowClock clock)
{
    private readonly ConcurrentDictionary<CounterKey, ScopeCounters> _counters = new();
    private long _ordinal;

    /// <summary>How many counters are in memory.</summary>
    public int Count => _counters.Count;

    /// <summary>The counters of a key; they may wait for <see cref="LoadAsync"/>.</summary>
    public ScopeCounters GetOrAdd(in CounterKey key) =>
        _counters.TryGetValue(key, out var counters)
            ? counters
            : _counters.GetOrAdd(key, static (k, store) => new ScopeCounters(k, Interlocked.Increment(ref store._ordinal)), this);

    /// <summary>
    /// Sees to it that counters are ready. All who ask at once share one read of history. Returns too when they were evicted: then get them
    /// again.
    /// </summary>
    /// <exception cref="Exception">What history threw; the next use tries again.</exception>
    public Task LoadAsync(ScopeCounters counters, CancellationToken cancellationToken)
    {
        TaskCompletionSource? load;
        bool isFirst;
        lock (counters)
        {
            load = counters.JoinLoad(out isFirst);
            if (counters.IsRetired)
            {
                Forget(counters);
            }
        }
        if (isFirst)
        {
            _ = ReadHistoryAsync(counters, load!);
        }
        return load is null ? Task.CompletedTask : load.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets go all counters that are idle for a minute and whose calls are in history. Cheap; call it every few seconds.</summary>
    /// <returns>How many went.</returns>
    public int Sweep()
    {
        var writtenThrough = clock.SecondOf(history.WrittenThrough);
        var second = clock.Second;
        var count = 0;
        foreach (var (_, counters) in _counters)
        {
            lock (counters)
            {
                if (counters.TryRetire(second, writtenThrough))
                {
                    Forget(counters);
                    count++;
                }
            }
        }
        return count;
    }

    // Only this object: its key may have new counters by now.
    private void Forget(ScopeCounters counters) => _counters.TryRemove(KeyValuePair.Create(counters.Key, counters));

    private async Task ReadHistoryAsync(ScopeCounters counters, TaskCompletionSource load)
    {
        try
        {
            var asked = clock.Now();
            var past = await history.ReadAsync(counters.Key, asked.DayStart, asked.Utc - TimeSpan.FromSeconds(MinuteWindow.Length));
            lock (counters)
            {
                counters.EndLoad(clock.Now(), asked.Day, past);
            }
            load.SetResult();
        }
        catch (Exception fault)
        {
            lock (counters)
            {
                counters.FailLoad();
            }
            load.SetException(fault);
        }
    }
}

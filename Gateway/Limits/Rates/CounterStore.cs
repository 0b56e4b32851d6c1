using System.Collections.Concurrent;
using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Rates;

/// <summary>
/// All counters of this process. They come into being at first use and are filled from history then; idle ones are evicted by
/// <see cref="Sweep"/>, so that memory follows who calls, not who has an account. Thread-safe.
/// </summary>
internal sealed class CounterStore(IUsageHistory history, WindowClock clock)
{
    private readonly ConcurrentDictionary<CounterKey, ScopeCounters> _counters = new();
    private long _ordinal;

    /// <summary>Shares counters with other nodes; null: nobody does.</summary>
    public IWindowSharing? Sharing { get; set; }

    /// <summary>How many counters are in memory.</summary>
    public int Count => _counters.Count;

    /// <summary>The counters of a key; they may wait for <see cref="LoadAsync"/>.</summary>
    public ScopeCounters GetOrAdd(in CounterKey key) =>
        _counters.TryGetValue(key, out var counters)
            ? counters
            : _counters.GetOrAdd(key, static (k, store) => new ScopeCounters(k, Interlocked.Increment(ref store._ordinal)), this);

    /// <summary>The counters of a key, when they are in memory.</summary>
    public ScopeCounters? Find(CounterKey? key) => key is { } known ? _counters.GetValueOrDefault(known) : null;

    /// <summary>Does something with all counters, each under its lock.</summary>
    public void ForEach(Action<ScopeCounters> work)
    {
        foreach (var (_, counters) in _counters)
        {
            lock (counters)
            {
                work(counters);
            }
        }
    }

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
                if (IsAllTold(counters) && counters.TryRetire(second, writtenThrough))
                {
                    Forget(counters);
                    count++;
                }
            }
        }
        return count;
    }

    private bool IsAllTold(ScopeCounters counters)
    {
        if (counters.Shared is not { } shared)
        {
            return true;
        }
        var now = clock.Now();
        counters.Advance(now);
        return shared.IsAllTold(Sharing!.Node, now);
    }

    // Only this object: its key may have new counters by now.
    private void Forget(ScopeCounters counters) => _counters.TryRemove(KeyValuePair.Create(counters.Key, counters));

    private async Task ReadHistoryAsync(ScopeCounters counters, TaskCompletionSource load)
    {
        try
        {
            var asked = clock.Now();
            // What nodes told, before what the ledger has: a call that ends in between counts twice, not never.
            IReadOnlyList<WindowShare> told = Sharing is { IsOn: true } sharing ? await sharing.ReadAsync(counters.Key) : [];
            var past = await history.ReadAsync(counters.Key, asked.DayStart, asked.Utc - TimeSpan.FromSeconds(MinuteWindow.Length));
            lock (counters)
            {
                counters.EndLoad(clock.Now(), asked.Day, past, told, Sharing?.Node);
                if (Sharing is { IsOn: true } shares)
                {
                    shares.Share(counters, told);
                }
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

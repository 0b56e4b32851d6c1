using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <content>Places in flight of calls whose bodies are being read, and parts of calls that have their place.</content>
internal sealed partial class AdmissionController
{
    /// <summary>Takes a place in flight when every limit given would let one more call in; counts no request and no tokens.</summary>
    /// <exception cref="Exception">What history threw.</exception>
    public async ValueTask<(ReadingPlace? Place, LimitRefusal? Refusal)> EnterAsync(
        IReadOnlyList<RateLimit> limits,
        string userId,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var scopes = new ScopeLimit[limits.Count];
            for (var index = 0; index < scopes.Length; index++)
            {
                scopes[index] = new ScopeLimit(limits[index], store.GetOrAdd(CounterKey.Of(limits[index], userId)));
            }
            if (TryEnter(scopes, out var place, out var refusal) || refusal is not null)
            {
                return (place, refusal);
            }
            await Task.WhenAll(scopes.Select(scope => store.LoadAsync(scope.Counters, cancellationToken)));
        }
    }

    /// <summary>Counts tokens of a part of a call that was let in before: no request, and no place in flight.</summary>
    public void Count(IReadOnlyList<RateLimit> limits, string userId, long tokens)
    {
        var scopes = new ScopeLimit[limits.Count];
        for (var index = 0; index < scopes.Length; index++)
        {
            scopes[index] = new ScopeLimit(limits[index], store.GetOrAdd(CounterKey.Of(limits[index], userId)));
        }
        foreach (var counters in InLockOrder(scopes))
        {
            lock (counters)
            {
                counters.Count(clock.Now(), tokens);
            }
        }
    }

    private bool TryEnter(ReadOnlySpan<ScopeLimit> limits, out ReadingPlace? place, out LimitRefusal? refusal)
    {
        (place, refusal) = (null, null);
        var counters = InLockOrder(limits);
        var locked = 0;
        try
        {
            while (locked < counters.Length)
            {
                Monitor.Enter(counters[locked]);
                if (!counters[locked++].IsReady)
                {
                    return false;
                }
            }
            var now = clock.Now();
            foreach (var scope in counters)
            {
                scope.Advance(now);
            }
            var check = new LimitCheck(now, new AdmissionRequest(limits, default));
            foreach (ref readonly var limit in limits)
            {
                check.Add(limit);
            }
            if (!check.Passes)
            {
                Refused(counters, 0, check.HasRoomElsewhere);
                refusal = check.ToRefusal();
                return false;
            }
            foreach (var scope in counters)
            {
                scope.Enter(now);
            }
            place = new ReadingPlace(counters, clock);
            return true;
        }
        finally
        {
            while (locked > 0)
            {
                Monitor.Exit(counters[--locked]);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>
/// Lets a call in when every limit that applies has room for it: then all their counters take it, else none does. The words are those of
/// <see cref="System.Threading.RateLimiting"/>; the limiters are our own, because those know no <see cref="TimeProvider"/>, no giving back
/// and no changing of a limit that keeps its counts. Thread-safe.
/// </summary>
internal sealed partial class AdmissionController(CounterStore store, WindowClock clock)
{
    private const int UsualLimits = 8;

    /// <summary>Asks for a call. Completes at once unless counters have to be read from history.</summary>
    /// <param name="limits">All limits that apply to the call.</param>
    /// <param name="userId">Who calls: limits of a tier count each user apart.</param>
    /// <param name="estimate">The tokens that the call is likely to use, prompt and answer.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="Exception">What history threw: nothing is known of the caller's counts, so nothing is taken.</exception>
    public ValueTask<AdmissionResult> AdmitAsync(
        IReadOnlyList<RateLimit> limits,
        string userId,
        TokenEstimate estimate,
        CancellationToken cancellationToken
    ) =>
        TryAdmit(limits, userId, estimate, out var result)
            ? ValueTask.FromResult(result)
            : LoadAndAdmitAsync(limits, userId, estimate, cancellationToken);

    /// <summary>Asks for a call, with its counters at hand.</summary>
    /// <returns>
    /// Whether it is in. With neither a lease nor a refusal, counters were not ready: load them, or get them again, and ask again.
    /// </returns>
    public bool TryAdmit(in AdmissionRequest request, out AdmissionLease? lease, out LimitRefusal? refusal)
    {
        (lease, refusal) = (null, null);
        var counters = InLockOrder(request.Limits);
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
            var check = new LimitCheck(now, request);
            foreach (ref readonly var limit in request.Limits)
            {
                check.Add(limit);
            }
            if (!check.Passes)
            {
                Refused(counters, request.Tokens, check.HasRoomElsewhere);
                refusal = check.ToRefusal();
                return false;
            }
            lease = new AdmissionLease(counters, clock, now, request.Tokens, check);
            foreach (var scope in counters)
            {
                scope.Take(now, request.Tokens);
                if (check.IsLow)
                {
                    scope.Shared?.RunsOut();
                }
            }
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

    /// <summary>How a limit stands for a user.</summary>
    /// <exception cref="Exception">What history threw.</exception>
    public async ValueTask<IReadOnlyList<LimitUsage>> ReadAsync(RateLimit limit, string userId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var counters = store.GetOrAdd(CounterKey.Of(limit, userId));
            lock (counters)
            {
                if (counters.IsReady)
                {
                    var now = clock.Now();
                    counters.Advance(now);
                    return LimitUsage.Of(limit, counters, now);
                }
            }
            await store.LoadAsync(counters, cancellationToken);
        }
    }

    private bool TryAdmit(IReadOnlyList<RateLimit> limits, string userId, TokenEstimate estimate, out AdmissionResult result)
    {
        var usual = default(UsualScopes);
        var scopes = limits.Count <= UsualLimits ? ((Span<ScopeLimit>)usual)[..limits.Count] : new ScopeLimit[limits.Count];
        for (var index = 0; index < scopes.Length; index++)
        {
            scopes[index] = new ScopeLimit(limits[index], store.GetOrAdd(CounterKey.Of(limits[index], userId)));
        }
        TryAdmit(new AdmissionRequest(scopes, estimate), out var lease, out var refusal);
        result = new AdmissionResult(lease, refusal);
        return lease is not null || refusal is not null;
    }

    private async ValueTask<AdmissionResult> LoadAndAdmitAsync(
        IReadOnlyList<RateLimit> limits,
        string userId,
        TokenEstimate estimate,
        CancellationToken cancellationToken
    )
    {
        AdmissionResult result;
        do
        {
            await Task.WhenAll(limits.Select(limit => store.LoadAsync(store.GetOrAdd(CounterKey.Of(limit, userId)), cancellationToken)));
        } while (!TryAdmit(limits, userId, estimate, out result));
        return result;
    }

    private static void Refused(ScopeCounters[] counters, long tokens, bool hasRoom)
    {
        var isCounted = !hasRoom;
        foreach (var scope in counters)
        {
            scope.Shared?.Refused(tokens, hasRoom, isCounted);
            isCounted |= scope.Shared is not null;
        }
    }

    // One order for everybody, or two callers could wait for each other. Each counters once.
    private static ScopeCounters[] InLockOrder(ReadOnlySpan<ScopeLimit> limits)
    {
        var ordered = new ScopeCounters[limits.Length];
        var count = 0;
        foreach (ref readonly var limit in limits)
        {
            var place = count;
            while (place > 0 && ordered[place - 1].Ordinal > limit.Counters.Ordinal)
            {
                place--;
            }
            if (place > 0 && ordered[place - 1] == limit.Counters)
            {
                continue;
            }
            ordered.AsSpan(place, count - place).CopyTo(ordered.AsSpan(place + 1));
            ordered[place] = limit.Counters;
            count++;
        }
        return count == ordered.Length ? ordered : ordered[..count];
    }

    [InlineArray(UsualLimits)]
    private struct UsualScopes
    {
        private ScopeLimit _first;
    }
}

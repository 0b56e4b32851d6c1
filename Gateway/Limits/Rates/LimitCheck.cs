using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>One call held against all its limits, one after the other, while their counters are locked. Changes nothing.</summary>
internal ref struct LimitCheck(WindowInstant now, scoped in AdmissionRequest request)
{
    // What is free on another node comes here with the next exchanges.
    private static readonly TimeSpan UntilPartsFlow = TimeSpan.FromSeconds(1);

    private readonly WindowInstant _now = now;
    private readonly TokenEstimate _estimate = request.Estimate;
    private readonly long _leastTokenLimit = request.LeastTokenLimit;
    private readonly long _tokens = request.Tokens;
    private Tightest _tightestRequests;
    private Tightest _tightestTokens;
    private Named _named;
    private TimeSpan _wait;

    /// <summary>Shadow limits that would have refused; null for none.</summary>
    public List<LimitHit>? ShadowHits { get; private set; }

    /// <summary>Whether a limit refused that has room for the call on other nodes.</summary>
    public bool HasRoomElsewhere { get; private set; }

    /// <summary>Whether a part of this node is nearly used up.</summary>
    public bool IsLow { get; private set; }

    /// <summary>Whether all limits let it pass.</summary>
    public readonly bool Passes => _named.Limit is null;

    /// <summary>Holds the call against all rates of a limit.</summary>
    public void Add(in ScopeLimit scope)
    {
        var (limit, counters) = scope;
        Check(scope, LimitWindow.RequestsPerMinute, limit.RequestsPerMinute, counters.Minute.Requests, 1, ref _tightestRequests);
        Check(
            scope,
            LimitWindow.TokensPerMinute,
            limit.TokensPerMinute,
            counters.Minute.Tokens,
            TokensUnder(limit, limit.TokensPerMinute),
            ref _tightestTokens
        );
        Check(scope, LimitWindow.RequestsPerDay, limit.RequestsPerDay, counters.Day.Requests, 1, ref _tightestRequests);
        Check(
            scope,
            LimitWindow.TokensPerDay,
            limit.TokensPerDay,
            counters.Day.Tokens,
            TokensUnder(limit, limit.TokensPerDay),
            ref _tightestTokens
        );
        Check(
            scope,
            LimitWindow.TokensPerMonth,
            limit.TokensPerMonth,
            counters.Month.Tokens,
            TokensUnder(limit, limit.TokensPerMonth),
            ref _tightestTokens
        );
        var none = default(Tightest);
        Check(scope, LimitWindow.MaxConcurrent, limit.MaxConcurrent, counters.InFlight, 1, ref none);
    }

    /// <summary>The no; only when the call does not pass.</summary>
    public readonly LimitRefusal ToRefusal() =>
        new(
            _named.Limit!,
            _named.Window,
            _named.Max,
            Math.Max(0, _named.Remaining),
            _named.NeverFits || _named.Window == LimitWindow.MaxConcurrent ? null : _now.Utc + _named.Wait,
            _named.NeverFits ? null : TimeSpan.FromSeconds((_wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond)
        )
        {
            Needed = _named.Cost,
            RequestState = RequestState(0),
            TokenState = TokenState(0),
        };

    /// <summary>The tightest limit on requests, after so many were taken.</summary>
    public readonly RateLimitState RequestState(long taken) => State(_tightestRequests, taken);

    /// <summary>The tightest limit on tokens, after so many were taken.</summary>
    public readonly RateLimitState TokenState(long taken) => State(_tightestTokens, taken);

    // A shadow limit is asked what it would have said if it enforced, too.
    private readonly long TokensUnder(RateLimit limit, long? max) =>
        limit.Mode == QuotaMode.Shadow ? _estimate.Within(Math.Min(_leastTokenLimit, max ?? long.MaxValue)) : _tokens;

    private void Check(in ScopeLimit scope, LimitWindow window, long? rate, long used, long cost, ref Tightest tightest)
    {
        if (rate is not { } max)
        {
            return;
        }
        var shared = scope.Counters.Shared;
        var remaining = max - used - (shared?.OthersOf(window) ?? 0);
        if (scope.Limit.Mode == QuotaMode.Shadow)
        {
            if (cost > remaining)
            {
                (ShadowHits ??= []).Add(new LimitHit(scope.Limit, window));
            }
            return;
        }
        if (tightest.Counters is null || remaining < tightest.Remaining)
        {
            tightest = new Tightest(scope.Counters, window, max, remaining);
        }
        var left = shared is null ? remaining : Math.Min(remaining, shared.LeftOf(window, max, used, cost));
        if (cost > left)
        {
            HasRoomElsewhere |= cost <= remaining;
            Refuse(scope, window, max, left, cost, isElsewhere: cost <= remaining);
        }
        else if (left < remaining && shared!.IsLow(window, left - cost))
        {
            IsLow = true;
        }
    }

    private void Refuse(in ScopeLimit scope, LimitWindow window, long max, long remaining, long cost, bool isElsewhere)
    {
        var neverFits = cost > max;
        var wait =
            neverFits ? TimeSpan.Zero
            : isElsewhere ? UntilPartsFlow
            : Wait(scope.Counters, window, cost - remaining);
        _wait = wait > _wait ? wait : _wait;
        if (
            _named.Limit is null
            || (neverFits && !_named.NeverFits)
            || (neverFits == _named.NeverFits && scope.Limit.Scope < _named.Limit.Scope)
        )
        {
            _named = new Named(scope.Limit, window, max, remaining, cost, wait, neverFits);
        }
    }

    // Time until so much of the window is free again.
    // Of what other nodes let in, nobody here knows when it leaves.
    private readonly TimeSpan Wait(ScopeCounters counters, LimitWindow window, long amount) =>
        window switch
        {
            LimitWindow.RequestsPerMinute or LimitWindow.TokensPerMinute when counters.Minute.IsEmpty => TimeSpan.FromSeconds(1),
            LimitWindow.RequestsPerMinute => _now.Until(counters.Minute.RequestsLeftAt(amount)),
            LimitWindow.TokensPerMinute => _now.Until(counters.Minute.TokensLeftAt(amount)),
            LimitWindow.MaxConcurrent => TimeSpan.FromSeconds(1),
            LimitWindow.TokensPerMonth => _now.MonthEnd - _now.Utc,
            _ => _now.UntilDayEnd,
        };

    private readonly RateLimitState State(in Tightest tightest, long taken)
    {
        if (tightest.Counters is null)
        {
            return default;
        }
        var used = tightest.Max - tightest.Remaining;
        var reset = (used, taken) switch
        {
            (_, > 0) when tightest.Window is LimitWindow.RequestsPerMinute or LimitWindow.TokensPerMinute => _now.Until(
                _now.Second + MinuteWindow.Length
            ),
            (0, 0) => TimeSpan.Zero,
            _ => Wait(tightest.Counters, tightest.Window, used),
        };
        return new RateLimitState(tightest.Max, Math.Max(0, tightest.Remaining - taken), reset);
    }

    private readonly record struct Tightest(ScopeCounters Counters, LimitWindow Window, long Max, long Remaining);

    private readonly record struct Named(
        RateLimit Limit,
        LimitWindow Window,
        long Max,
        long Remaining,
        long Cost,
        TimeSpan Wait,
        bool NeverFits
    );
}

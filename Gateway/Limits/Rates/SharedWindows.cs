using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Rates;

/// <summary>
/// What other nodes count of the same caller, and how much this one may take until they are heard again. Counters have it while other nodes
/// serve too. Needs the counters' lock.
/// </summary>
internal sealed class SharedWindows(ScopeCounters counters, SharingDesk desk)
{
    // Told at once: a change of more than this part of a limit, by the number of nodes. Together they stay below a part that nobody misses.
    private const int Untold = 16;

    // Seconds after which others hear of any change at all.
    private const int OldAge = 15;

    private readonly List<WindowShare> _others = [];
    private Limits _limits;
    private WindowShare _told = new() { Counter = "", Node = "" };
    private Sums _sums;
    private Standing _requests = Standing.Alone;
    private Standing _tokens = Standing.Alone;
    private Demand _demand;
    private long _wantRequests = 1; // a node that is new to a caller has one call at hand
    private long _wantTokens;
    private long _unit;
    private int _nodes = 1;
    private double _fadedAt;
    private int _toldAt;
    private long _toldFirst;
    private bool _isTold;
    private bool _isTouched;

    /// <summary>Whether others should hear of this node before the next round: it ran out of its part, or will soon.</summary>
    public bool IsUrgent { get; private set; }

    /// <summary>
    /// Whether each node that serves has spoken since this one told first: who counts the same caller has told so by then.
    /// </summary>
    public bool IsKnown { get; private set; }

    /// <summary>What other nodes used of a window, as they told last.</summary>
    public long OthersOf(LimitWindow window) => _sums.Of(window);

    /// <summary>How much this node may still take of a window under a limit; below 0 when it is over.</summary>
    /// <param name="window">Which.</param>
    /// <param name="max">The limit.</param>
    /// <param name="used">What is used of it here.</param>
    /// <param name="cost">What the call takes that asks.</param>
    public long LeftOf(LimitWindow window, long max, long used, long cost)
    {
        _limits = _limits.With(window, max);
        var past = counters.PastOf(window);
        var free = max - past - _sums.Of(window); // for this node and what others have not told yet
        var told = Of(_told, window);
        var allowed = IsKnown ? told + StandingOf(window).PartOf(free - told) : FirstPartOf(free, used - past, cost);
        return allowed - (used - past);
    }

    /// <summary>A call was let in.</summary>
    public void Took(long tokens)
    {
        _demand.Add(tokens);
        Touch();
    }

    /// <summary>A call was refused: it would have been let in with a larger part.</summary>
    /// <param name="tokens">What it asked for.</param>
    /// <param name="hasRoom">Whether the limit has room for it, on other nodes.</param>
    /// <param name="isCounted">Whether the refusal is counted already: by other counters of the same call.</param>
    public void Refused(long tokens, bool hasRoom, bool isCounted)
    {
        _demand.Add(tokens);
        Touch();
        if (hasRoom)
        {
            RunsOut();
            if (!isCounted)
            {
                desk.RefusedOne();
            }
        }
    }

    /// <summary>The part of this node is nearly used up, and there is more.</summary>
    public void RunsOut()
    {
        IsUrgent = true;
        Touch();
        desk.Hurry();
    }

    /// <summary>Whether what is left to take is less than what comes in half a second.</summary>
    public bool IsLow(LimitWindow window, long left) => left < StandingOf(window).Want / 4;

    /// <summary>Whether others know all that these counters hold, so that they can be evicted.</summary>
    public bool IsAllTold(string node, in WindowInstant now) => _isTold && IsStill(_told) && AreEqual(counters.Own(node, now), _told);

    /// <summary>Something changed that others will want to know.</summary>
    public void Touch()
    {
        if (!_isTouched)
        {
            _isTouched = true;
            desk.Lay(counters);
        }
    }

    /// <summary>
    /// Looks whether others are to be told, at an exchange. Counters are looked at again as long as what was told last would age.
    /// </summary>
    /// <param name="node">The name of this one.</param>
    /// <param name="nodes">How many nodes serve.</param>
    /// <param name="instant">Now; the counters are advanced to it.</param>
    /// <returns>What to tell; null: nothing.</returns>
    public WindowShare? Look(string node, int nodes, in WindowInstant instant)
    {
        _isTouched = false;
        Fade(instant.Second + (instant.Fraction / (double)TimeSpan.TicksPerSecond));
        var now = counters.Own(node, instant);
        (now.WantRequests, now.WantTokens, now.UnitTokens) = (_wantRequests, _wantTokens, _unit);
        var isOld = instant.Second - _toldAt >= OldAge;
        var tells = !_isTold || IsUrgent || (isOld ? !AreEqual(now, _told) : IsFar(now, nodes));
        IsUrgent = false;
        if (!IsStill(now) || !IsStill(_told))
        {
            Touch();
        }
        return tells ? now : null;
    }

    /// <summary>What was looked at is with the others now.</summary>
    /// <param name="share">What was told.</param>
    /// <param name="second">When it was looked at.</param>
    /// <param name="timestamp">Now.</param>
    public void HasTold(WindowShare share, int second, long timestamp)
    {
        _toldFirst = _isTold ? _toldFirst : timestamp;
        (_told, _isTold, _toldAt) = (share, true, second);
    }

    /// <summary>Takes what another node told.</summary>
    public void Hear(WindowShare share)
    {
        _others.RemoveAll(o => o.Node == share.Node);
        _others.Add(share);
    }

    /// <summary>
    /// A node is gone: its calls in flight ended with it, and it takes no more. What it used counts until it leaves the windows.
    /// </summary>
    public void Lose(string node, bool isMinuteOver)
    {
        foreach (var share in _others.Where(o => o.Node == node))
        {
            (share.InFlight, share.WantRequests, share.WantTokens) = (0, 0, 0);
            if (isMinuteOver)
            {
                (share.MinuteRequests, share.MinuteTokens) = (0, 0);
            }
        }
    }

    /// <summary>Works out anew how this node stands.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="nodes">How many nodes serve.</param>
    /// <param name="spoken">When the last of the nodes that serve has spoken that did so longest ago.</param>
    /// <param name="isAlive">Whether a node serves.</param>
    /// <param name="now">What counts now: days and months that are over do not.</param>
    public void Settle(string node, int nodes, long spoken, Func<string, bool> isAlive, in WindowInstant now)
    {
        _nodes = nodes;
        IsKnown |= _isTold && spoken > _toldFirst;
        _sums = Sums.Of(_others, now);
        var alive = _others.Where(o => isAlive(o.Node)).ToList();
        var unit = Math.Max(1, alive.Select(o => o.UnitTokens).Append(_told.UnitTokens).Max());
        _requests = Place(
            alive.Select(o => (o.MinuteRequests, o.Node, o.WantRequests)),
            (_told.MinuteRequests, node, _isTold ? _told.WantRequests : 1),
            1
        );
        _tokens = Place(
            alive.Select(o => (o.MinuteTokens, o.Node, o.WantTokens)),
            (_told.MinuteTokens, node, _isTold ? _told.WantTokens : unit),
            unit
        );
    }

    // Others may have begun in the same moment and not told yet: each as if all had, but one call at least.
    private long FirstPartOf(long free, long used, long cost) => Math.Max(free / _nodes, used == 0 ? Math.Min(free, cost) : 0);

    private static Standing Place(
        IEnumerable<(long Used, string Node, long Want)> others,
        (long Used, string Node, long Want) own,
        long unit
    )
    {
        var (nodes, rank, before, all) = (1, 0, 0L, own.Want);
        foreach (var other in others)
        {
            nodes++;
            all += other.Want;
            if (other.Used < own.Used || (other.Used == own.Used && string.CompareOrdinal(other.Node, own.Node) < 0))
            {
                rank++;
                before += other.Want;
            }
        }
        return new Standing(nodes, rank, own.Want, before, all, unit);
    }

    // What was asked for lately is likely to be asked for again; it halves each second.
    private void Fade(double second)
    {
        var kept = Math.Pow(0.5, Math.Max(0, second - _fadedAt));
        _fadedAt = second;
        _wantRequests = Math.Max(2 * _demand.Requests, (long)(_wantRequests * kept));
        _wantTokens = Math.Max(2 * _demand.Tokens, (long)(_wantTokens * kept));
        _unit = _wantTokens == 0 ? 0 : Math.Max(_demand.Largest, _unit);
        _demand = default;
    }

    private Standing StandingOf(LimitWindow window) =>
        window is LimitWindow.TokensPerMinute or LimitWindow.TokensPerDay or LimitWindow.TokensPerMonth ? _tokens : _requests;

    private bool IsFar(WindowShare now, int nodes)
    {
        for (var window = LimitWindow.RequestsPerMinute; window <= LimitWindow.MaxConcurrent; window++)
        {
            if (_limits.Of(window) is { } max && Math.Abs(Of(now, window) - Of(_told, window)) > max / (Untold * nodes))
            {
                return true;
            }
        }
        return (now.WantRequests == 0) != (_told.WantRequests == 0)
            || now.WantRequests > 2 * _told.WantRequests
            || now.WantTokens > 2 * _told.WantTokens;
    }

    private static bool IsStill(WindowShare share) =>
        share is { MinuteRequests: 0, MinuteTokens: 0, InFlight: 0, WantRequests: 0, WantTokens: 0 };

    private static bool AreEqual(WindowShare one, WindowShare other) =>
        one.WantRequests == other.WantRequests
        && one.WantTokens == other.WantTokens
        && one.Day == other.Day
        && Windows.All(w => Of(one, w) == Of(other, w));

    private static readonly LimitWindow[] Windows = Enum.GetValues<LimitWindow>();

    private static long Of(WindowShare share, LimitWindow window) =>
        window switch
        {
            LimitWindow.RequestsPerMinute => share.MinuteRequests,
            LimitWindow.TokensPerMinute => share.MinuteTokens,
            LimitWindow.RequestsPerDay => share.DayRequests,
            LimitWindow.TokensPerDay => share.DayTokens,
            LimitWindow.TokensPerMonth => share.MonthTokens,
            _ => share.InFlight,
        };

    // The limit of each window that was asked for last.
    private readonly record struct Limits(
        long? PerMinute,
        long? TokensPerMinute,
        long? PerDay,
        long? TokensPerDay,
        long? PerMonth,
        long? Flying
    )
    {
        public long? Of(LimitWindow window) =>
            window switch
            {
                LimitWindow.RequestsPerMinute => PerMinute,
                LimitWindow.TokensPerMinute => TokensPerMinute,
                LimitWindow.RequestsPerDay => PerDay,
                LimitWindow.TokensPerDay => TokensPerDay,
                LimitWindow.TokensPerMonth => PerMonth,
                _ => Flying,
            };

        public Limits With(LimitWindow window, long max) =>
            window switch
            {
                LimitWindow.RequestsPerMinute => this with { PerMinute = max },
                LimitWindow.TokensPerMinute => this with { TokensPerMinute = max },
                LimitWindow.RequestsPerDay => this with { PerDay = max },
                LimitWindow.TokensPerDay => this with { TokensPerDay = max },
                LimitWindow.TokensPerMonth => this with { PerMonth = max },
                _ => this with { Flying = max },
            };
    }

    private struct Demand
    {
        public long Requests;
        public long Tokens;
        public long Largest;

        public void Add(long tokens)
        {
            Requests++;
            Tokens += tokens;
            Largest = Math.Max(Largest, tokens);
        }
    }

    private readonly record struct Sums(long Requests, long Tokens, long DayRequests, long DayTokens, long MonthTokens, long InFlight)
    {
        public static Sums Of(List<WindowShare> shares, in WindowInstant now)
        {
            var sums = default(Sums);
            foreach (var share in shares)
            {
                var (isToday, isThisMonth) = (share.Day == now.Day, share.Month == now.Month);
                sums = new Sums(
                    sums.Requests + share.MinuteRequests,
                    sums.Tokens + share.MinuteTokens,
                    sums.DayRequests + (isToday ? share.DayRequests : 0),
                    sums.DayTokens + (isToday ? share.DayTokens : 0),
                    sums.MonthTokens + (isThisMonth ? share.MonthTokens : 0),
                    sums.InFlight + share.InFlight
                );
            }
            return sums;
        }

        public long Of(LimitWindow window) =>
            window switch
            {
                LimitWindow.RequestsPerMinute => Requests,
                LimitWindow.TokensPerMinute => Tokens,
                LimitWindow.RequestsPerDay => DayRequests,
                LimitWindow.TokensPerDay => DayTokens,
                LimitWindow.TokensPerMonth => MonthTokens,
                _ => InFlight,
            };
    }
}

namespace Gateway.Limits.Rates;

/// <summary>
/// What a call took from the windows, and its place in flight. Released once, when the call has ended and before its last bytes leave, so
/// that a client that waits for its answer is not refused for its own last call. Thread-safe.
/// </summary>
internal sealed class AdmissionLease : IDisposable
{
    private readonly ScopeCounters[] _counters;
    private readonly WindowClock _clock;
    private readonly WindowInstant _taken;
    private readonly List<LimitHit>? _shadowHits;
    private int _isReleased;

    internal AdmissionLease(ScopeCounters[] counters, WindowClock clock, in WindowInstant taken, long tokens, in LimitCheck check)
    {
        _counters = counters;
        _clock = clock;
        _taken = taken;
        _shadowHits = check.ShadowHits;
        TokensTaken = tokens;
        RequestState = check.RequestState(1);
        TokenState = check.TokenState(tokens);
    }

    /// <summary>
    /// When the call was admitted, UTC; always in the day that it was counted in. The ledger keeps this time, so that counts made from it
    /// are the same.
    /// </summary>
    public DateTime AdmittedAt => _taken.CountedAt;

    /// <summary>The tokens taken until the real usage is known.</summary>
    public long TokensTaken { get; }

    /// <summary>The tightest limit on requests, as of admission.</summary>
    public RateLimitState RequestState { get; }

    /// <summary>The tightest limit on tokens, as of admission.</summary>
    public RateLimitState TokenState { get; }

    /// <summary>Shadow limits that would have refused the call.</summary>
    public IReadOnlyList<LimitHit> ShadowHits => _shadowHits ?? (IReadOnlyList<LimitHit>)[];

    /// <summary>
    /// Gives the place in flight back and corrects the windows where the call was counted, as far as it is still in them. Only the first
    /// time.
    /// </summary>
    public void Release(LeaseEnd end)
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
        {
            return;
        }
        var second = _clock.Second;
        foreach (var counters in _counters)
        {
            lock (counters)
            {
                counters.Settle(_taken, TokensTaken, end, second);
            }
        }
    }

    /// <summary>For a call that nobody released: it counts with what it took.</summary>
    public void Dispose() => Release(LeaseEnd.Unknown);
}

namespace Gateway.Limits.Rates;

/// <summary>A place in flight of a call whose body is being read. Disposed of once, when it was read or given up. Thread-safe.</summary>
internal sealed class ReadingPlace(ScopeCounters[] counters, WindowClock clock) : IDisposable
{
    private int _isLeft;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) != 0)
        {
            return;
        }
        var second = clock.Second;
        foreach (var scope in counters)
        {
            lock (scope)
            {
                scope.Leave(second);
            }
        }
    }
}

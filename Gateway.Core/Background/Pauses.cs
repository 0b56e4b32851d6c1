namespace Gateway.Core.Background;

/// <summary>
/// How long to wait before trying again: each time twice as long, up to a most, and scattered by a half, so that many who failed together
/// do not come again together. For one user at a time.
/// </summary>
public sealed class Pauses
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private TimeSpan _next;

    /// <param name="first">About the first pause.</param>
    /// <param name="longest">About the longest.</param>
    public Pauses(TimeSpan first, TimeSpan longest) => (_first, _next, _longest) = (first, first, longest);

    /// <summary>The next pause: between half of what is due and one and a half times that.</summary>
    public TimeSpan Next()
    {
        var pause = Scattered(_next);
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return pause;
    }

    /// <summary>It went well: the next fault begins with the first pause.</summary>
    public void Reset() => _next = _first;

    /// <summary>A pause, longer or shorter by up to a half.</summary>
    public static TimeSpan Scattered(TimeSpan pause) => pause * (0.5 + Random.Shared.NextDouble());
}

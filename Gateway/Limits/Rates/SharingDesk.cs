using System.Collections.Concurrent;

namespace Gateway.Limits.Rates;

/// <summary>What counters lay down for the next exchange with other nodes. Thread-safe.</summary>
internal sealed class SharingDesk
{
    private readonly ConcurrentQueue<ScopeCounters> _touched = new();
    private int _isUrgent;
    private long _outOfPart;

    /// <summary>Calls that were refused although their limit had room: on another node.</summary>
    public long OutOfPart => Interlocked.Read(ref _outOfPart);

    /// <summary>Others are to hear of counters.</summary>
    public void Lay(ScopeCounters counters) => _touched.Enqueue(counters);

    /// <summary>The next exchange is wanted soon.</summary>
    public void Hurry() => Volatile.Write(ref _isUrgent, 1);

    /// <summary>A call was refused although its limit has room on other nodes.</summary>
    public void RefusedOne() => Interlocked.Increment(ref _outOfPart);

    /// <summary>Whether an exchange was wanted soon; asked once for each wish.</summary>
    public bool TakeHurry() => Interlocked.Exchange(ref _isUrgent, 0) != 0;

    /// <summary>Takes all that was laid down by now.</summary>
    public List<ScopeCounters> Take()
    {
        var taken = new List<ScopeCounters>(_touched.Count);
        for (var left = _touched.Count; left > 0 && _touched.TryDequeue(out var counters); left--)
        {
            taken.Add(counters);
        }
        return taken;
    }

    /// <summary>Lets go of all.</summary>
    public void Clear() => _touched.Clear();
}

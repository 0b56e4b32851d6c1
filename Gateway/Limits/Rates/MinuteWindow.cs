namespace Gateway.Limits.Rates;

/// <summary>
/// What was admitted in the last minute, in buckets of one second. A bucket leaves when the youngest event that it can hold is 60 s old: no
/// event leaves early, and none more than one second late. Only seconds in which something happened have a bucket, oldest first in a ring
/// that grows, because most callers call seldom. A mutable struct without a lock of its own.
/// </summary>
internal struct MinuteWindow
{
    /// <summary>Seconds from the start of a bucket until it leaves.</summary>
    public const int Length = 61;

    private const int SmallestRing = 4; // a power of two, as every size

    private Bucket[]? _ring;
    private int _head;
    private int _count;

    /// <summary>Requests in the window.</summary>
    public long Requests { get; private set; }

    /// <summary>Tokens in the window, estimates of open calls included.</summary>
    public long Tokens { get; private set; }

    /// <summary>The part of <see cref="Tokens"/> that is estimates of open calls.</summary>
    public long HeldTokens { get; private set; }

    /// <summary>Whether nothing is in the window.</summary>
    public readonly bool IsEmpty => _count == 0;

    /// <summary>Lets go what has left the window.</summary>
    public void Advance(int second)
    {
        while (_count > 0)
        {
            ref var oldest = ref At(0);
            if (oldest.Second + Length > second)
            {
                return;
            }
            Requests -= oldest.Requests;
            Tokens -= oldest.Tokens;
            HeldTokens -= oldest.HeldTokens;
            _head = (_head + 1) & (_ring!.Length - 1);
            _count--;
        }
    }

    /// <summary>Counts in the second given, which is not before the last one counted in.</summary>
    public void Add(int second, long requests, long tokens, long heldTokens)
    {
        if (_count == 0 || At(_count - 1).Second < second)
        {
            Append(second);
        }
        Change(ref At(_count - 1), requests, tokens, heldTokens);
    }

    /// <summary>Corrects what was counted in a second; nothing when it has left.</summary>
    public void Correct(int second, long requests, long tokens, long heldTokens)
    {
        var (low, high) = (0, _count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            ref var bucket = ref At(middle);
            if (bucket.Second == second)
            {
                Change(ref bucket, requests, tokens, heldTokens);
                return;
            }
            (low, high) = bucket.Second < second ? (middle + 1, high) : (low, middle - 1);
        }
    }

    /// <summary>The second in which so many of the requests in the window, of which there must be some, will have left.</summary>
    public readonly int RequestsLeftAt(long requests)
    {
        var index = 0;
        while (index < _count - 1 && (requests -= At(index).Requests) > 0)
        {
            index++;
        }
        return At(index).Second + Length;
    }

    /// <summary>The second in which so many of the tokens in the window, of which there must be some, will have left.</summary>
    public readonly int TokensLeftAt(long tokens)
    {
        var index = 0;
        while (index < _count - 1 && (tokens -= At(index).Tokens) > 0)
        {
            index++;
        }
        return At(index).Second + Length;
    }

    /// <summary>Gives the memory back when the window is empty.</summary>
    public void Trim()
    {
        if (_count == 0)
        {
            _ring = null;
        }
    }

    private readonly ref Bucket At(int index) => ref _ring![(_head + index) & (_ring.Length - 1)];

    private void Change(ref Bucket bucket, long requests, long tokens, long heldTokens)
    {
        bucket.Requests += requests;
        bucket.Tokens += tokens;
        bucket.HeldTokens += heldTokens;
        Requests += requests;
        Tokens += tokens;
        HeldTokens += heldTokens;
    }

    private void Append(int second)
    {
        _ring ??= new Bucket[SmallestRing];
        if (_count == _ring.Length)
        {
            var larger = new Bucket[_ring.Length * 2];
            for (var index = 0; index < _count; index++)
            {
                larger[index] = At(index);
            }
            (_ring, _head) = (larger, 0);
        }
        _count++;
        At(_count - 1) = new Bucket { Second = second };
    }

    private struct Bucket
    {
        public long Requests;
        public long Tokens;
        public long HeldTokens;
        public int Second;
    }
}

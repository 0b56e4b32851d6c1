using Gateway.Core.Configuration;

namespace Gateway.Bodies;

/// <summary>
/// Room in memory for the bodies of calls, in bytes: bounded for each caller and in all. No caller may hold more than is still free, so
/// that however many senders of slow or large bodies there are, a new caller finds room. Thread-safe.
/// </summary>
internal sealed class BodyRoom
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _byCaller = new(StringComparer.Ordinal);
    private readonly long _perCaller;
    private readonly long _total;
    private long _used;

    // The largest body that is allowed always fits, whatever the room was set to.
    public BodyRoom(BodyOptions options)
    {
        _perCaller = Math.Max(options.BodyRoomPerKeyBytes, options.MaxBodyBytes);
        _total = Math.Max(options.BodyRoomBytes, 2 * options.MaxBodyBytes);
    }

    /// <summary>Bytes that are taken, of all callers.</summary>
    public long UsedBytes => Volatile.Read(ref _used);

    /// <summary>Bytes that one caller has taken.</summary>
    public long UsedBy(string caller)
    {
        lock (_gate)
        {
            return _byCaller.GetValueOrDefault(caller);
        }
    }

    /// <summary>Takes room; false when the caller, or all together, would have too much.</summary>
    public bool TryTake(string caller, long bytes)
    {
        lock (_gate)
        {
            var own = _byCaller.GetValueOrDefault(caller) + bytes;
            var used = _used + bytes;
            if (own > _perCaller || own > _total - used)
            {
                return false;
            }
            _byCaller[caller] = own;
            _used = used;
            return true;
        }
    }

    /// <summary>Gives room back.</summary>
    public void GiveBack(string caller, long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            var own = _byCaller[caller] - bytes;
            if (own == 0)
            {
                _byCaller.Remove(caller);
            }
            else
            {
                _byCaller[caller] = own;
            }
        }
    }
}

using System.Buffers;

namespace Gateway.Bodies;

/// <summary>
/// The bytes of one body, in one array that grows with what has come (a length that is only promised costs nothing) as far as there is
/// room. Small arrays are pooled. Large ones are not: a pool would keep what a rush of large bodies needed.
/// </summary>
internal sealed class BodyBuffer : IDisposable
{
    private const int SmallestBytes = 4 * 1024;
    private const int LargestFirstBytes = 64 * 1024;
    private const int LargestPooledBytes = 1024 * 1024;

    private readonly BodyRoom _room;
    private readonly string _caller;
    private readonly long _largest;
    private readonly long? _promised;
    private byte[]? _array;

    private BodyBuffer(BodyRoom room, string caller, long largest, long? promised, byte[] array)
    {
        _room = room;
        _caller = caller;
        _largest = largest;
        _promised = promised;
        _array = array;
    }

    /// <summary>The bytes; only the first <see cref="Length"/> are the body's.</summary>
    public byte[] Array => _array ?? throw new ObjectDisposedException(nameof(BodyBuffer));

    /// <summary>How many have come.</summary>
    public int Length { get; private set; }

    /// <summary>Opens one; null when there is no room.</summary>
    /// <param name="room">Where its memory is counted.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="largest">The largest body that is allowed, in bytes.</param>
    /// <param name="promised">The length that the client announced; null: none.</param>
    public static BodyBuffer? TryOpen(BodyRoom room, string caller, long largest, long? promised)
    {
        var first = (int)Math.Clamp(promised ?? SmallestBytes, SmallestBytes, LargestFirstBytes);
        return TryRent(room, caller, first, held: 0) is { } array ? new BodyBuffer(room, caller, largest, promised, array) : null;
    }

    /// <summary>Adds bytes; false when there is no room for them.</summary>
    public bool TryAppend(in ReadOnlySequence<byte> bytes)
    {
        if (!TryReserve(Length + bytes.Length))
        {
            return false;
        }
        bytes.CopyTo(_array.AsSpan(Length));
        Length += (int)bytes.Length;
        return true;
    }

    /// <summary>Gives the memory and the room back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            Return(array);
            _room.GiveBack(_caller, array.Length);
        }
    }

    private bool TryReserve(long needed)
    {
        var array = Array;
        if (needed <= array.Length)
        {
            return true;
        }
        // Once a quarter of what was promised has come, the promise is believed.
        var grown = _promised is { } promised && promised <= 4L * array.Length ? promised : 2L * array.Length;
        var size = (int)Math.Max(needed, Math.Min(grown, _largest));
        if (TryRent(_room, _caller, size, array.Length) is not { } larger)
        {
            return false;
        }
        array.AsSpan(0, Length).CopyTo(larger);
        _array = larger;
        Return(array);
        return true;
    }

    private static byte[]? TryRent(BodyRoom room, string caller, int bytes, int held)
    {
        if (!room.TryTake(caller, bytes - held))
        {
            return null;
        }
        if (bytes > LargestPooledBytes)
        {
            return GC.AllocateUninitializedArray<byte>(bytes);
        }
        var array = ArrayPool<byte>.Shared.Rent(bytes);
        if (array.Length == bytes || room.TryTake(caller, array.Length - bytes))
        {
            return array;
        }
        ArrayPool<byte>.Shared.Return(array);
        room.GiveBack(caller, bytes - held);
        return null;
    }

    private static void Return(byte[] array)
    {
        if (array.Length <= LargestPooledBytes)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}

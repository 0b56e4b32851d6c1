using System.Buffers.Binary;
using System.Text;

namespace Gateway.Core.Journal;

/// <summary>
/// Writes the parts of a record one after the other. What does not fit is not written, and <see cref="Overflowed"/> says so.
/// </summary>
internal ref struct RecordWriter(Span<byte> buffer)
{
    // A text's length stands before it in two bytes, plus one, so that zero is null.
    private const int LongestText = ushort.MaxValue - 1;

    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public bool Overflowed { get; private set; }

    public void Byte(byte value)
    {
        if (Take(1, out var place))
        {
            place[0] = value;
        }
    }

    public void Id(Guid value)
    {
        if (Take(16, out var place))
        {
            value.TryWriteBytes(place, bigEndian: true, out _);
        }
    }

    /// <summary>Seven bits a byte, small numbers of either sign in few bytes.</summary>
    public void Number(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }
        Byte((byte)rest);
    }

    public void Number(long? value)
    {
        Byte(value is null ? (byte)0 : (byte)1);
        if (value is { } number)
        {
            Number(number);
        }
    }

    public void Time(DateTime value)
    {
        if (Take(8, out var place))
        {
            BinaryPrimitives.WriteInt64LittleEndian(place, value.Ticks);
        }
    }

    public void Time(DateTime? value)
    {
        Byte(value is null ? (byte)0 : (byte)1);
        if (value is { } time)
        {
            Time(time);
        }
    }

    public void Text(string? value)
    {
        if (!Take(2, out var prefix))
        {
            return;
        }
        if (value is null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(prefix, 0);
        }
        else if (Encoding.UTF8.TryGetBytes(value, _buffer[Length..], out var written) && written <= LongestText)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(prefix, (ushort)(written + 1));
            Length += written;
        }
        else
        {
            Overflowed = true;
        }
    }

    private bool Take(int count, out Span<byte> place)
    {
        if (Overflowed || _buffer.Length - Length < count)
        {
            Overflowed = true;
            place = default;
            return false;
        }
        place = _buffer.Slice(Length, count);
        Length += count;
        return true;
    }
}

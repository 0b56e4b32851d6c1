using System.Buffers.Binary;
using System.Text;

namespace Gateway.Core.Journal;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. What is not there or makes no sense sets <see cref="Failed"/>; nothing throws.
/// </summary>
internal ref struct RecordReader(ReadOnlySpan<byte> buffer)
{
    private ReadOnlySpan<byte> _rest = buffer;

    public bool Failed { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public bool Flag()
    {
        var value = Byte();
        Failed |= value > 1;
        return value == 1;
    }

    public Guid Id() => Take(16) is { Length: 16 } bytes ? new Guid(bytes, bigEndian: true) : default;

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }
        Failed = true;
        return 0;
    }

    public int Integer()
    {
        var value = Number();
        Failed |= value is < int.MinValue or > int.MaxValue;
        return unchecked((int)value);
    }

    public long? NumberOrNull() => Flag() ? Number() : null;

    public DateTime Time()
    {
        var ticks = Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            Failed = true;
            ticks = 0;
        }
        return new DateTime(ticks, DateTimeKind.Utc);
    }

    public DateTime? TimeOrNull() => Flag() ? Time() : null;

    public string? TextOrNull()
    {
        var prefix = Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0;
        return prefix == 0 ? null : Encoding.UTF8.GetString(Take(prefix - 1));
    }

    public string Text()
    {
        var text = TextOrNull();
        Failed |= text is null;
        return text ?? "";
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || _rest.Length < count)
        {
            Failed = true;
            return default;
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

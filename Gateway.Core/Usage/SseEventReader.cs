using System.Buffers;

namespace Gateway.Core.Usage;

/// <summary>
/// Cuts a stream of bytes into server-sent events without losing a byte: LF, CRLF and CR line ends, comments, several data lines, any split
/// of the input. An event that lies in one piece is handed out in place; only a partial one is copied, to a pooled buffer. Use: read into a
/// buffer, then <c>while (reader.TryRead(ref rest, out var e))</c>; when it returns false, all input is taken. An event above the limit
/// comes out in <see cref="SseEventKind.Fragment"/>s, each within one line, as its bytes come; none of them is held. Not thread-safe.
/// </summary>
public sealed class SseEventReader : IDisposable
{
    /// <summary>Larger events are not held, but read while they pass.</summary>
    public const int DefaultMaxEventBytes = 1024 * 1024;

    private readonly int _maxEventBytes;
    private byte[] _carry = [];
    private int _carried;
    private bool _carryIsSpent;
    private byte[] _joined = [];

    // Where the scan stands: at the start of a line, after a CR whose LF may follow, inside an event too large to hold.
    private bool _atLineStart = true;
    private bool _afterCr;
    private bool _startsAfterCr;
    private bool _isStarted;

    // An event too large to hold: what was kept of it leaves first, line by line, then what comes.
    private SseLineCutter? _lines;
    private bool _isOversize;
    private int _drained;

    public SseEventReader(int maxEventBytes = DefaultMaxEventBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEventBytes);
        _maxEventBytes = maxEventBytes;
    }

    /// <summary>
    /// Takes the next event from the front of <paramref name="input"/>. False when there is none whole; then the input is empty and its
    /// bytes are kept for the next call.
    /// </summary>
    public bool TryRead(ref ReadOnlySpan<byte> input, out SseEvent sseEvent)
    {
        DropSpentCarry();
        sseEvent = default;
        if (_isOversize)
        {
            return TryCut(ref input, out sseEvent);
        }
        if (input.IsEmpty)
        {
            return false;
        }
        var end = FindEnd(input);
        var length = end < 0 ? input.Length : end;
        if (SizeOf(input[..length], isWhole: end >= 0) > _maxEventBytes)
        {
            BeginOversize();
            return TryCut(ref input, out sseEvent);
        }
        var piece = input[..length];
        input = input[length..];
        if (end < 0)
        {
            Keep(piece);
            return false;
        }
        var isInPlace = _carried == 0;
        if (!isInPlace)
        {
            Keep(piece);
            _carryIsSpent = true;
        }
        _startsAfterCr = _afterCr;
        sseEvent = Parse(isInPlace ? piece : _carry.AsSpan(0, _carried), SseEventKind.Event, isInPlace);
        return true;
    }

    // How long the event is by now, however the input was cut: an LF after a CR is the event's before it or after it, as the cut will have
    // it.
    private long SizeOf(ReadOnlySpan<byte> piece, bool isWhole)
    {
        var size = (long)_carried + piece.Length;
        if (_startsAfterCr && (_carried > 0 ? _carry[0] : piece[0]) == (byte)'\n')
        {
            size--;
        }
        if (
            isWhole
            && piece[^1] == (byte)'\n'
            && (
                piece.Length > 1 ? piece[^2]
                : _carried > 0 ? _carry[_carried - 1]
                : 0
            ) == (byte)'\r'
        )
        {
            size--;
        }
        return size;
    }

    /// <summary>
    /// True within an event too large to hold, of which nothing is left to read: at the end of the stream it is unfinished.
    /// </summary>
    public bool IsWithinOversize => _isOversize && _carried == 0;

    /// <summary>At the end of the stream: what stood unfinished, read as far as it goes. False when nothing did.</summary>
    public bool TryReadTail(out SseEvent tail)
    {
        DropSpentCarry();
        tail = default;
        if (_carried == 0)
        {
            return false;
        }
        _carryIsSpent = true;
        tail = Parse(_carry.AsSpan(0, _carried), SseEventKind.Tail, isInPlace: false);
        return true;
    }

    /// <summary>Makes the reader new; keeps its buffers.</summary>
    public void Reset()
    {
        _carried = 0;
        _carryIsSpent = false;
        _atLineStart = true;
        _afterCr = false;
        _startsAfterCr = false;
        _isOversize = false;
        _isStarted = false;
        _drained = 0;
    }

    public void Dispose()
    {
        Return(ref _carry);
        Return(ref _joined);
        Reset();
    }

    /// <summary>
    /// The end (exclusive) of the event that is being read: after the blank line. A CR ends its line at once, because waiting for its LF
    /// would hold back the event; an LF that then comes first in the next bytes belongs to the next event's raw bytes.
    /// </summary>
    private int FindEnd(ReadOnlySpan<byte> input)
    {
        var i = 0;
        if (_afterCr)
        {
            _afterCr = false;
            i = input[0] == (byte)'\n' ? 1 : 0;
        }
        while (i < input.Length)
        {
            var lineEnd = input[i..].IndexOfAny((byte)'\r', (byte)'\n');
            if (lineEnd < 0)
            {
                _atLineStart = false;
                return -1;
            }
            var isBlank = _atLineStart && lineEnd == 0;
            i += lineEnd + 1;
            if (input[i - 1] == (byte)'\r')
            {
                if (i == input.Length)
                {
                    _afterCr = true;
                }
                else if (input[i] == (byte)'\n')
                {
                    i++;
                }
            }
            _atLineStart = true;
            if (isBlank)
            {
                return i;
            }
        }
        return -1;
    }

    // The event is read anew from its first byte, this time in pieces.
    private void BeginOversize()
    {
        _isOversize = true;
        _drained = 0;
        _lines ??= new SseLineCutter();
        _lines.Begin(_startsAfterCr, mayHaveMark: !_isStarted);
        _isStarted = true;
    }

    private bool TryCut(ref ReadOnlySpan<byte> input, out SseEvent fragment)
    {
        if (_carried > 0)
        {
            fragment = _lines!.Cut(_carry.AsSpan(_drained, _carried - _drained));
            _drained += fragment.Raw.Length;
            _carryIsSpent = _drained == _carried;
        }
        else if (input.IsEmpty)
        {
            fragment = default;
            return false;
        }
        else
        {
            fragment = _lines!.Cut(input);
            input = input[fragment.Raw.Length..];
        }
        if (fragment.EndsEvent)
        {
            _isOversize = false;
            _atLineStart = true;
            _afterCr = _startsAfterCr = _lines!.EndedAtCr;
        }
        return true;
    }

    private SseEvent Parse(ReadOnlySpan<byte> raw, SseEventKind kind, bool isInPlace)
    {
        var start = 0;
        if (!_isStarted)
        {
            start = raw.StartsWith("\uFEFF"u8) ? 3 : 0;
            _isStarted = true;
        }
        ReadOnlySpan<byte> name = default;
        var dataOffset = -1;
        var dataLength = 0;
        var dataLines = 0;
        for (var i = start; i < raw.Length; )
        {
            var lineEnd = raw[i..].IndexOfAny((byte)'\r', (byte)'\n');
            var line = lineEnd < 0 ? raw[i..] : raw.Slice(i, lineEnd);
            if (TryGetField(line, "data"u8, out var value))
            {
                var offset = i + line.Length - value.Length;
                if (++dataLines == 1)
                {
                    dataOffset = offset;
                    dataLength = value.Length;
                }
                else
                {
                    dataLength = Join(dataLines == 2 ? raw.Slice(dataOffset, dataLength) : _joined.AsSpan(0, dataLength), value);
                }
            }
            else if (TryGetField(line, "event"u8, out value))
            {
                name = value;
            }
            i += line.Length + 1;
        }
        return new()
        {
            Raw = raw,
            Data =
                dataLines == 0 ? default
                : dataLines == 1 ? raw.Slice(dataOffset, dataLength)
                : _joined.AsSpan(0, dataLength),
            DataOffset = dataLines == 1 ? dataOffset : -1,
            Name = name,
            Kind = kind,
            HasData = dataLines > 0,
            IsInPlace = isInPlace,
        };
    }

    private static bool TryGetField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!line.StartsWith(field))
        {
            return false;
        }
        if (line.Length == field.Length)
        {
            return true; // a field without a colon has an empty value
        }
        if (line[field.Length] != (byte)':')
        {
            return false;
        }
        value = line[(field.Length + 1)..];
        if (!value.IsEmpty && value[0] == (byte)' ')
        {
            value = value[1..];
        }
        return true;
    }

    private int Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> next)
    {
        var length = first.Length + 1 + next.Length;
        if (length > _joined.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length);
            first.CopyTo(larger);
            Return(ref _joined);
            _joined = larger;
        }
        else
        {
            first.CopyTo(_joined); // onto itself from the third line on
        }
        _joined[first.Length] = (byte)'\n';
        next.CopyTo(_joined.AsSpan(first.Length + 1));
        return length;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        var needed = _carried + piece.Length;
        if (needed > _carry.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _carry.Length));
            _carry.AsSpan(0, _carried).CopyTo(larger);
            Return(ref _carry);
            _carry = larger;
        }
        piece.CopyTo(_carry.AsSpan(_carried));
        _carried = needed;
    }

    private void DropSpentCarry()
    {
        if (_carryIsSpent)
        {
            _carried = 0;
            _carryIsSpent = false;
        }
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }
}

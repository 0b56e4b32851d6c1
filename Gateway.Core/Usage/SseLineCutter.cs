namespace Gateway.Core.Usage;

/// <summary>
/// Cuts one event that is too large to hold into pieces that each lie within one line, and says what each piece is. Holds a few bytes of
/// state, whatever the event's size; the pieces one after the other are the event's bytes. Not thread-safe.
/// </summary>
internal sealed class SseLineCutter
{
    private const int LongestPrefix = 6; // "event:", "retry:"
    private const int MarkLength = 3;

    private readonly byte[] _prefix = new byte[LongestPrefix];
    private int _prefixLength;
    private readonly byte[] _name = new byte[LongestPrefix];
    private int _nameLength;
    private Line _line;
    private bool _skipsSpace;
    private bool _afterCr;
    private int _markLeft;
    private bool _lineHasMark;
    private int _dataLines;
    private bool _beginsNextLine;
    private int _stray;

    /// <summary>Whether the event's last byte was a CR, whose LF may still follow.</summary>
    public bool EndedAtCr { get; private set; }

    /// <summary>Starts with an event's first byte.</summary>
    /// <param name="afterCr">Whether the event before ended with a CR whose LF may follow.</param>
    /// <param name="mayHaveMark">Whether it is the stream's first, which a byte order mark may precede.</param>
    public void Begin(bool afterCr, bool mayHaveMark)
    {
        _line = Line.Start;
        _prefixLength = 0;
        _nameLength = 0;
        _skipsSpace = false;
        _afterCr = afterCr;
        _markLeft = mayHaveMark ? MarkLength : 0;
        _lineHasMark = false;
        _dataLines = 0;
        _beginsNextLine = false;
        _stray = 0;
        EndedAtCr = false;
    }

    /// <summary>Cuts the next piece from the front of the input, which must not be empty.</summary>
    public SseEvent Cut(ReadOnlySpan<byte> input)
    {
        var i = _afterCr && input[0] == (byte)'\n' ? 1 : 0;
        _afterCr = false;
        i += SkipMark(input[i..]);
        var dataOffset = -1;
        var dataLength = 0;
        var endsEvent = false;
        while (i < input.Length)
        {
            if (input[i] is (byte)'\r' or (byte)'\n')
            {
                // As the reader finds the end: a mark is not a blank line
                endsEvent = _line == Line.Start && _prefixLength == 0 && !_lineHasMark;
                i = EndLine(input, i, ref dataOffset);
                break;
            }
            if (_line == Line.Start && !TakePrefix(input[i++]))
            {
                continue;
            }
            i = TakeValue(input, i, ref dataOffset, ref dataLength);
        }
        var fragment = Piece(input[..i], dataOffset, dataLength, endsEvent);
        EndedAtCr = endsEvent && _afterCr;
        if (fragment.Raw[^1] is (byte)'\r' or (byte)'\n')
        {
            BeginLine();
        }
        return fragment;
    }

    private SseEvent Piece(ReadOnlySpan<byte> raw, int dataOffset, int dataLength, bool endsEvent)
    {
        var beginsNextLine = _beginsNextLine && dataOffset >= 0;
        _beginsNextLine &= !beginsNextLine;
        var stray = _stray;
        _stray = 0;
        return new()
        {
            Raw = raw,
            Kind = SseEventKind.Fragment,
            Data = dataOffset < 0 ? default : raw.Slice(dataOffset, dataLength),
            DataOffset = dataOffset,
            HasData = dataOffset >= 0,
            BeginsNextLine = beginsNextLine,
            StrayBytes = stray,
            EndsEvent = endsEvent,
            Name = _name.AsSpan(0, _nameLength),
        };
    }

    // What began like a mark and is not one is the beginning of the first line.
    private int SkipMark(ReadOnlySpan<byte> input)
    {
        var mark = "\uFEFF"u8;
        var skipped = 0;
        while (_markLeft > 0 && skipped < input.Length)
        {
            if (input[skipped] != mark[MarkLength - _markLeft])
            {
                foreach (var taken in mark[..(MarkLength - _markLeft)])
                {
                    TakePrefix(taken);
                }
                _markLeft = 0;
                break;
            }
            _markLeft--;
            skipped++;
            _lineHasMark = true;
        }
        return skipped;
    }

    /// <summary>Takes one more byte of a line whose field is not known yet. True when it is known now.</summary>
    private bool TakePrefix(byte next)
    {
        _prefix[_prefixLength++] = next;
        if (next != (byte)':' && _prefixLength < LongestPrefix)
        {
            return false;
        }
        _line = FieldOf(_prefix.AsSpan(0, _prefixLength));
        _skipsSpace = _line is Line.Data or Line.Name;
        if (_line == Line.Data)
        {
            _beginsNextLine |= ++_dataLines > 1;
        }
        else if (_line == Line.Name)
        {
            _nameLength = 0;
        }
        else if (_line == Line.Stray)
        {
            _stray += _prefixLength;
        }
        return true;
    }

    private int TakeValue(ReadOnlySpan<byte> input, int i, ref int dataOffset, ref int dataLength)
    {
        if (_line == Line.Data && dataOffset < 0)
        {
            dataOffset = i;
        }
        if (i < input.Length && _skipsSpace)
        {
            _skipsSpace = false;
            if (input[i] == (byte)' ')
            {
                i++;
                dataOffset = _line == Line.Data ? i : dataOffset;
            }
        }
        var rest = input[i..];
        var length = rest.IndexOfAny((byte)'\r', (byte)'\n');
        rest = length < 0 ? rest : rest[..length];
        if (_line == Line.Data)
        {
            dataLength += rest.Length;
        }
        else if (_line == Line.Name)
        {
            KeepName(rest);
        }
        else if (_line == Line.Stray)
        {
            _stray += rest.Length;
        }
        return i + rest.Length;
    }

    // Only one name means something: a longer one is not it.
    private void KeepName(ReadOnlySpan<byte> text)
    {
        var length = Math.Min(text.Length, LongestPrefix - _nameLength);
        text[..length].CopyTo(_name.AsSpan(_nameLength));
        _nameLength += length;
    }

    private int EndLine(ReadOnlySpan<byte> input, int i, ref int dataOffset)
    {
        if (_line == Line.Start && _prefixLength > 0)
        {
            _line = WithoutColon(_prefix.AsSpan(0, _prefixLength));
            if (_line == Line.Data)
            {
                _beginsNextLine |= ++_dataLines > 1; // an empty line of data
                dataOffset = i;
            }
            _stray += _line == Line.Stray ? _prefixLength : 0;
        }
        if (input[i++] == (byte)'\r')
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
        return i;
    }

    private void BeginLine()
    {
        _line = Line.Start;
        _prefixLength = 0;
        _skipsSpace = false;
        _lineHasMark = false;
    }

    private static Line FieldOf(ReadOnlySpan<byte> prefix) =>
        prefix.SequenceEqual("data:"u8) ? Line.Data
        : prefix.SequenceEqual("event:"u8) ? Line.Name
        : prefix[0] == (byte)':' || prefix.SequenceEqual("id:"u8) || prefix.SequenceEqual("retry:"u8) ? Line.Other
        : Line.Stray;

    private static Line WithoutColon(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("data"u8) ? Line.Data
        : line.SequenceEqual("event"u8) || line.SequenceEqual("id"u8) || line.SequenceEqual("retry"u8) ? Line.Other
        : Line.Stray;

    private enum Line : byte
    {
        /// <summary>So little of it came that its field is not known.</summary>
        Start,
        Data,
        Name,

        /// <summary>A comment, or a field that does not matter.</summary>
        Other,

        /// <summary>Nothing that an event stream has.</summary>
        Stray,
    }
}

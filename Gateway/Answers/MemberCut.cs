using System.Text.Json;
using Gateway.Core.Buffers;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>
/// Leaves members of the root out of a JSON object while its bytes pass in pieces: <c>error</c>, and <c>usage</c> where the client did not
/// ask for it. A member that is null stays. Holds back no more than a name, with what stands before it; throws on nothing; what is no JSON
/// object passes as it is.
/// </summary>
internal sealed class MemberCut(bool cutsUsage) : IDisposable
{
    private const int LongestName = 48; // "usage" with every letter escaped has 30 bytes
    private const int LongestHold = 4_096;

    private readonly PooledBuffer _held = new(256);
    private readonly byte[] _name = new byte[LongestName + 2];
    private Mode _mode;
    private Place _place;
    private Member _member;
    private int _nameLength;
    private int _depth;
    private bool _inString;
    private bool _isEscaped;
    private bool _isFirst;
    private bool _cutsComma;

    /// <summary>Whether an error was left out.</summary>
    public bool HasCutError { get; private set; }

    /// <summary>Whether the object's <c>choices</c> have ended.</summary>
    public bool HasChoices { get; private set; }

    /// <summary>Starts with a new object.</summary>
    public void Begin()
    {
        _held.Clear();
        _mode = Mode.Pass;
        _place = Place.Root;
        _member = Member.Other;
        _nameLength = 0;
        _depth = 0;
        _inString = false;
        _isEscaped = false;
        _isFirst = false;
        _cutsComma = false;
        HasCutError = false;
        HasChoices = false;
    }

    /// <summary>Takes the next piece of the event, framing included, and writes what stays.</summary>
    public void Take(in SseEvent piece, PooledBuffer output)
    {
        if (piece.DataOffset < 0)
        {
            Emit(piece.Raw, output);
            return;
        }
        Emit(piece.Raw[..piece.DataOffset], output);
        TakeData(piece.Data, output);
        Emit(piece.Raw[(piece.DataOffset + piece.Data.Length)..], output);
    }

    /// <summary>The event has ended: what was held back goes out.</summary>
    public void End(PooledBuffer output)
    {
        output.Append(_held.Written.Span);
        _held.Clear();
        _mode = Mode.Pass;
    }

    public void Dispose() => _held.Dispose();

    private void TakeData(ReadOnlySpan<byte> data, PooledBuffer output)
    {
        var from = 0;
        for (var i = 0; i < data.Length; )
        {
            if (_inString)
            {
                i = TakeString(data, i, ref from, output);
            }
            else if (_depth > 1)
            {
                i = TakeInner(data, i, ref from);
            }
            else
            {
                i = TakeOuter(data, i, ref from, output);
            }
        }
        Emit(data[from..], output);
    }

    private int TakeString(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            KeepName(data.Slice(i, 1));
            return i + 1;
        }
        var rest = data[i..];
        var stop = rest.IndexOfAny((byte)'"', (byte)'\\');
        KeepName(stop < 0 ? rest : rest[..stop]);
        if (stop < 0)
        {
            return data.Length;
        }
        i += stop + 1;
        if (rest[stop] == (byte)'\\')
        {
            _isEscaped = true;
            KeepName("\\"u8);
            return i;
        }
        _inString = false;
        if (_depth == 1)
        {
            EndOuterString(data, i, ref from, output);
        }
        return i;
    }

    private void EndOuterString(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        if (_place != Place.Name)
        {
            EndValue(i, ref from);
            return;
        }
        _place = Place.Colon;
        _member = MemberOf();
        if (_member is Member.Other or Member.Choices)
        {
            Release(data, i, ref from, output);
        }
    }

    private int TakeInner(ReadOnlySpan<byte> data, int i, ref int from)
    {
        var stop = data[i..].IndexOfAny("\"{}[]"u8);
        if (stop < 0)
        {
            return data.Length;
        }
        i += stop + 1;
        switch (data[i - 1])
        {
            case (byte)'"':
                _inString = true;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            default:
                if (--_depth == 1)
                {
                    EndValue(i, ref from);
                }
                break;
        }
        return i;
    }

    private int TakeOuter(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        var b = data[i];
        if (_place == Place.End || b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            if (_place == Place.Scalar)
            {
                EndValue(i, ref from);
            }
            return i + 1;
        }
        switch (_place)
        {
            case Place.Root:
                return BeginRoot(data, i, ref from, output);
            case Place.Name when b == (byte)'"':
                _nameLength = 0;
                _inString = true;
                return i + 1;
            case Place.Colon when b == (byte)':':
                _place = Place.Value;
                return i + 1;
            case Place.Value:
                return BeginValue(data, i, ref from, output);
            case Place.Scalar when b is (byte)',' or (byte)'}':
                EndValue(i, ref from);
                return i;
            case Place.Scalar:
                return i + 1;
            case Place.Next when b == (byte)',':
                return TakeComma(data, i, ref from, output);
            default:
                Release(data, i, ref from, output); // the object's end, or no JSON: the rest passes
                _place = Place.End;
                return i + 1;
        }
    }

    private int BeginRoot(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        if (data[i] != (byte)'{')
        {
            _place = Place.End;
            return i + 1;
        }
        _depth = 1;
        _isFirst = true;
        Hold(data, i + 1, ref from, output);
        return i + 1;
    }

    private int BeginValue(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        var b = data[i];
        if (_member is Member.Usage or Member.Error)
        {
            if (b == (byte)'n')
            {
                Release(data, i, ref from, output);
            }
            else
            {
                HasCutError |= _member == Member.Error;
                _held.Clear();
                _mode = Mode.Cut;
                from = i;
            }
        }
        _place = Place.Scalar;
        if (b == (byte)'"')
        {
            _inString = true;
        }
        else if (b is (byte)'{' or (byte)'[')
        {
            _depth = 2;
        }
        return i + 1;
    }

    private int TakeComma(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        if (_cutsComma)
        {
            Emit(data[from..i], output); // the comma after a first member that was left out goes with it
            from = i + 1;
            _cutsComma = false;
            _isFirst = true;
            Hold(data, i + 1, ref from, output);
        }
        else
        {
            _isFirst = false;
            Hold(data, i, ref from, output);
        }
        return i + 1;
    }

    private void EndValue(int i, ref int from)
    {
        _place = Place.Next;
        HasChoices |= _member == Member.Choices;
        if (_mode == Mode.Cut)
        {
            from = i;
            _mode = Mode.Pass;
            _cutsComma = _isFirst;
        }
    }

    // From here on what comes is held back, until the name that follows is known.
    private void Hold(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        Emit(data[from..i], output);
        from = i;
        _mode = Mode.Hold;
        _place = Place.Name;
        _member = Member.Other;
    }

    private void Release(ReadOnlySpan<byte> data, int i, ref int from, PooledBuffer output)
    {
        if (_mode == Mode.Hold)
        {
            End(output);
            Emit(data[from..i], output);
            from = i;
        }
    }

    private void Emit(ReadOnlySpan<byte> bytes, PooledBuffer output)
    {
        if (_mode == Mode.Hold && _held.Length + bytes.Length <= LongestHold)
        {
            _held.Append(bytes);
        }
        else if (_mode != Mode.Cut)
        {
            End(output);
            output.Append(bytes);
        }
    }

    private void KeepName(ReadOnlySpan<byte> text)
    {
        if (_place != Place.Name || _depth != 1)
        {
            return;
        }
        if (_nameLength + text.Length <= LongestName)
        {
            text.CopyTo(_name.AsSpan(1 + _nameLength));
        }
        _nameLength = Math.Min(_nameLength + text.Length, LongestName + 1);
    }

    private Member MemberOf()
    {
        if (_nameLength > LongestName || _mode != Mode.Hold)
        {
            return Member.Other;
        }
        _name[0] = _name[_nameLength + 1] = (byte)'"';
        var reader = new Utf8JsonReader(_name.AsSpan(0, _nameLength + 2));
        try
        {
            return !reader.Read() || reader.TokenType != JsonTokenType.String ? Member.Other
                : reader.ValueTextEquals("error"u8) ? Member.Error
                : reader.ValueTextEquals("usage"u8) ? (cutsUsage ? Member.Usage : Member.Other)
                : reader.ValueTextEquals("choices"u8) ? Member.Choices
                : Member.Other;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            return Member.Other;
        }
    }

    private enum Mode : byte
    {
        Pass,
        Hold,
        Cut,
    }

    private enum Place : byte
    {
        Root,
        Name,
        Colon,
        Value,
        Scalar,
        Next,
        End,
    }

    private enum Member : byte
    {
        Other,
        Usage,
        Error,
        Choices,
    }
}

using System.Text;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;

namespace Gateway.Stored;

/// <summary>
/// Finds the parts of a form that is not held: bytes come in pieces of any size. By the same rules as <see cref="FormReader"/>: what
/// another reader might take otherwise is refused. Keeps a head, or as many bytes as a boundary has.
/// </summary>
internal sealed class FormScanner(string boundary, IFormSink sink) : IDisposable
{
    private const int MostParts = 16;
    private const int FirstBytes = 8 * 1024;

    private readonly byte[] _mark = Encoding.ASCII.GetBytes("\r\n--" + boundary);
    private readonly PooledBuffer _rest = new(FirstBytes);
    private State _state;
    private int _parts;

    private enum State : byte
    {
        Start,
        AfterMark,
        Head,
        FirstContent,
        Content,
        End,
    }

    /// <summary>Whether its last boundary has come.</summary>
    public bool IsWhole => _state == State.End;

    /// <summary>Takes the next bytes.</summary>
    /// <returns>Why the form is refused; null when it is good so far.</returns>
    public Refusal? Feed(ReadOnlySpan<byte> bytes)
    {
        _rest.Append(bytes);
        var used = 0;
        Refusal? refusal;
        while (true)
        {
            var state = _state;
            refusal = Step(_rest.Written.Span[used..], out var step);
            used += step;
            if (refusal is not null || (step == 0 && state == _state))
            {
                break;
            }
        }
        Drop(used);
        return refusal;
    }

    /// <summary>The form ends here.</summary>
    public Refusal? Finish() => IsWhole ? null : Refusals.InvalidForm("it breaks off within a part");

    public void Dispose() => _rest.Dispose();

    private void Drop(int used)
    {
        var left = _rest.Length - used;
        var kept = left == 0 ? [] : _rest.Written.Span[used..].ToArray();
        _rest.Clear();
        _rest.Append(kept);
    }

    private Refusal? Step(ReadOnlySpan<byte> rest, out int used)
    {
        used = 0;
        switch (_state)
        {
            case State.Start when rest.Length >= _mark.Length - 2:
                used = _mark.Length - 2;
                _state = State.AfterMark;
                return rest.StartsWith(_mark.AsSpan(2)) ? null : Refusals.InvalidForm("it does not begin with its boundary");
            case State.AfterMark when rest.Length >= 2:
                return AfterMark(rest, out used);
            case State.Head:
                return Head(rest, out used);
            case State.FirstContent or State.Content:
                return Content(rest, out used);
            case State.End when rest.Length > 0:
                used = rest.Length;
                return rest.TrimEnd("\r\n"u8).IsEmpty ? null : Refusals.InvalidForm("something stands after its end");
            default:
                return null;
        }
    }

    private Refusal? AfterMark(ReadOnlySpan<byte> rest, out int used)
    {
        used = 2;
        if (rest.StartsWith("--"u8))
        {
            _state = State.End;
            return null;
        }
        _state = State.Head;
        return !rest.StartsWith("\r\n"u8) ? Refusals.InvalidForm("a boundary is not followed by a line end")
            : ++_parts > MostParts ? Refusals.InvalidForm($"it has more than {MostParts} parts")
            : null;
    }

    private Refusal? Head(ReadOnlySpan<byte> rest, out int used)
    {
        used = 0;
        var length = rest.IndexOf("\r\n\r\n"u8);
        if (length < 0)
        {
            return rest.Length > FormReader.LongestHead ? Refusals.InvalidForm("a part has no end of its headers") : null;
        }
        if (length > FormReader.LongestHead)
        {
            return Refusals.InvalidForm("a part has no end of its headers");
        }
        if (FormReader.PartOf(rest[..length], default) is not { } part)
        {
            return Refusals.InvalidForm("a part has headers that are not understood");
        }
        // The line end after the headers may be that of the boundary: then the part is empty.
        used = length + 2;
        _state = State.FirstContent;
        return sink.Begin(part);
    }

    private Refusal? Content(ReadOnlySpan<byte> rest, out int used)
    {
        used = 0;
        var skipped = _state == State.FirstContent ? 2 : 0;
        if (_state == State.FirstContent && rest.Length < _mark.Length)
        {
            return null;
        }
        var at = rest.IndexOf(_mark);
        var length = at >= 0 ? at : rest.Length - _mark.Length + 1;
        if (at < 0 && length <= skipped)
        {
            return null;
        }
        if (length > skipped && sink.Take(rest[skipped..length]) is { } refusal)
        {
            return refusal;
        }
        if (at < 0)
        {
            (used, _state) = (length, State.Content);
            return null;
        }
        (used, _state) = (at + _mark.Length, State.AfterMark);
        return sink.End();
    }
}

using System.Text;
using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>
/// Finds the parts of a form, in the one form that every reader of forms takes for the same: what another might read otherwise is refused.
/// Copies nothing.
/// </summary>
internal static class FormReader
{
    private const int MostParts = 256;

    /// <summary>The longest head of a part, in bytes.</summary>
    public const int LongestHead = 4 * 1024;

    private static readonly string[] Heads = ["content-disposition", "content-type", "content-length", "content-transfer-encoding"];

    /// <summary>Reads the parts; false with the refusal to give.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, string boundary, List<FormPart> parts, out Refusal? refusal)
    {
        refusal = Read(body, Encoding.ASCII.GetBytes("\r\n--" + boundary), parts);
        return refusal is null;
    }

    private static Refusal? Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> mark, List<FormPart> parts)
    {
        if (!body.StartsWith(mark[2..]))
        {
            return Refusals.InvalidForm("it does not begin with its boundary");
        }
        var at = mark.Length - 2;
        while (true)
        {
            var rest = body[at..];
            if (rest.StartsWith("--"u8))
            {
                return rest[2..].TrimEnd("\r\n"u8).IsEmpty ? null : Refusals.InvalidForm("something stands after its end");
            }
            if (!rest.StartsWith("\r\n"u8))
            {
                return Refusals.InvalidForm("a boundary is not followed by a line end");
            }
            if (parts.Count == MostParts)
            {
                return Refusals.InvalidForm($"it has more than {MostParts} parts");
            }
            at += 2;
            var headLength = body[at..].IndexOf("\r\n\r\n"u8);
            if (headLength is < 0 or > LongestHead)
            {
                return Refusals.InvalidForm("a part has no end of its headers");
            }
            var content = at + headLength + 4;
            var length = body[content..].IndexOf(mark);
            // The value may be empty: then the line end after the headers is the boundary's.
            if (body[(content - 2)..].StartsWith(mark))
            {
                (content, length) = (content - 2, 0);
            }
            if (length < 0)
            {
                return Refusals.InvalidForm("it breaks off within a part");
            }
            if (PartOf(body.Slice(at, headLength), new ByteRange(content, length)) is not { } part)
            {
                return Refusals.InvalidForm("a part has headers that are not understood");
            }
            parts.Add(part);
            at = content + length + mark.Length;
        }
    }

    /// <summary>A part by the lines of its head; null when they are not understood.</summary>
    public static FormPart? PartOf(ReadOnlySpan<byte> head, ByteRange content)
    {
        if (!System.Text.Unicode.Utf8.IsValid(head))
        {
            return null;
        }
        string? disposition = null;
        foreach (var line in Encoding.UTF8.GetString(head).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.Any(char.IsControl) || !Heads.Contains(line[..colon].ToLowerInvariant()))
            {
                return null;
            }
            if (line[..colon].Equals(Heads[0], StringComparison.OrdinalIgnoreCase))
            {
                if (disposition is not null)
                {
                    return null;
                }
                disposition = line[(colon + 1)..].Trim();
            }
            else if (line[..colon].Equals(Heads[3], StringComparison.OrdinalIgnoreCase) && !IsPlain(line[(colon + 1)..].Trim()))
            {
                return null; // some readers would decode it
            }
        }
        return disposition is null ? null : PartOf(disposition, content);
    }

    private static bool IsPlain(string encoding) => encoding.ToLowerInvariant() is "binary" or "8bit" or "7bit";

    private static FormPart? PartOf(string disposition, ByteRange content)
    {
        var pieces = disposition.Split(';');
        if (!pieces[0].Trim().Equals("form-data", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        string? name = null;
        var isFile = false;
        foreach (var (key, value) in ParametersOf(disposition[pieces[0].Length..]))
        {
            switch (key)
            {
                case "name" when name is null && IsName(value):
                    name = value;
                    break;
                case "filename" or "filename*":
                    isFile = true;
                    break;
                default:
                    return null;
            }
        }
        if (name is null)
        {
            return null;
        }
        var isList = name.EndsWith("[]", StringComparison.Ordinal);
        return new FormPart(isList ? name[..^2] : name, isList, isFile, content);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '[' or ']');

    // A file's name is nobody's business here, but it may hold a semicolon.
    private static IEnumerable<(string Key, string Value)> ParametersOf(string text)
    {
        for (var at = 0; at < text.Length; )
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
            {
                if (text[at..].Trim(' ', ';').Length > 0)
                {
                    yield return ("", "");
                }
                yield break;
            }
            var key = text[at..equals].Trim(' ', ';').ToLowerInvariant();
            var start = equals + 1;
            var isQuoted = start < text.Length && text[start] == '"';
            var end = isQuoted ? EndOfQuote(text, start + 1) : text.IndexOf(';', start);
            end = end < 0 ? text.Length : end;
            yield return (key, text[(isQuoted ? start + 1 : start)..end].Trim());
            at = isQuoted ? end + 1 : end;
        }
    }

    private static int EndOfQuote(string text, int at)
    {
        while (at < text.Length && text[at] != '"')
        {
            at += text[at] == '\\' ? 2 : 1;
        }
        return Math.Min(at, text.Length);
    }
}

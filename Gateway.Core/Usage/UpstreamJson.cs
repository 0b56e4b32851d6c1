using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Core.Usage;

/// <summary>
/// Makes an upstream's JSON safe to read. .NET's readers take broken UTF-8 and half surrogate pairs for granted until somebody asks for the
/// text, and throw then; here each becomes U+FFFD before anything reads it, as a client would see it. Every reader of upstream bytes begins
/// here.
/// </summary>
public static class UpstreamJson
{
    private const int EscapeLength = 6; // a backslash, u, four digits

    /// <summary>Reads a whole JSON text. False when it is not valid; never throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out JsonElement root)
    {
        try
        {
            root = JsonElement.Parse(Mend(json));
            return true;
        }
        catch (JsonException)
        {
            root = default;
            return false;
        }
    }

    /// <summary>
    /// The same JSON without a byte order mark, with U+FFFD in place of bytes that are no UTF-8 and of half surrogate pairs. Sound JSON is
    /// returned as it is.
    /// </summary>
    public static ReadOnlySpan<byte> Mend(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }
        return IsSound(json) ? json : Rewrite(json);
    }

    /// <summary>The text, cut at a number of UTF-16 units, never within a character.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    private static bool IsSound(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0;

    private static ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 16);
        while (!json.IsEmpty)
        {
            json = json[(json[0] == (byte)'\\' ? WriteEscape(json, output) : WriteText(json, output))..];
        }
        return output.WrittenSpan;
    }

    private static int WriteEscape(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        if (!TryReadUnit(json, out var unit))
        {
            var length = Math.Min(2, json.Length);
            output.Write(json[..length]);
            return length;
        }
        if (!char.IsSurrogate(unit))
        {
            output.Write(json[..EscapeLength]);
            return EscapeLength;
        }
        if (char.IsHighSurrogate(unit) && TryReadUnit(json[EscapeLength..], out var next) && char.IsLowSurrogate(next))
        {
            output.Write(json[..(2 * EscapeLength)]);
            return 2 * EscapeLength;
        }
        output.Write("\uFFFD"u8);
        return EscapeLength;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> json, out char unit)
    {
        unit = default;
        if (
            json.Length < EscapeLength
            || !json.StartsWith("\\u"u8)
            || !Utf8Parser.TryParse(json.Slice(2, 4), out ushort value, out var read, 'x')
            || read != 4
        )
        {
            return false;
        }
        unit = (char)value;
        return true;
    }

    // Up to the next escape.
    private static int WriteText(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        var stop = json.IndexOf((byte)'\\');
        var text = stop < 0 ? json : json[..stop];
        var length = text.Length;
        if (Utf8.IsValid(text))
        {
            output.Write(text);
            return length;
        }
        while (!text.IsEmpty)
        {
            var isWhole = Rune.DecodeFromUtf8(text, out _, out var taken) == OperationStatus.Done;
            output.Write(isWhole ? text[..taken] : "\uFFFD"u8);
            text = text[taken..];
        }
        return length;
    }
}

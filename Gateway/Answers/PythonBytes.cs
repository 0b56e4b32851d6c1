using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Answers;

/// <summary>Bytes as Python prints them, <c>b'...'</c>: LiteLLM quotes the body of a failed stream so.</summary>
internal static class PythonBytes
{
    /// <summary>Reads the text; false when it is not of this form.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length < 3 || text[0] != 'b' || text[1] is not ('\'' or '"') || text[^1] != text[1])
        {
            return false;
        }
        var read = new ArrayBufferWriter<byte>(text.Length);
        for (var rest = text[2..^1]; rest.Length > 0; )
        {
            if (!TryReadOne(ref rest, out var value))
            {
                return false;
            }
            read.Write([value]);
        }
        bytes = read.WrittenSpan.ToArray();
        return true;
    }

    private static bool TryReadOne(ref ReadOnlySpan<char> rest, out byte value)
    {
        value = (byte)rest[0];
        if (rest[0] != '\\')
        {
            var isAscii = char.IsAscii(rest[0]);
            rest = rest[1..];
            return isAscii;
        }
        if (
            rest.Length >= 4
            && rest[1] == 'x'
            && byte.TryParse(rest[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        )
        {
            rest = rest[4..];
            return true;
        }
        value =
            rest.Length < 2
                ? default
                : rest[1] switch
                {
                    'n' => (byte)'\n',
                    'r' => (byte)'\r',
                    't' => (byte)'\t',
                    '\\' or '\'' or '"' => (byte)rest[1],
                    _ => default,
                };
        rest = value == default ? rest : rest[2..];
        return value != default;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Sandbox.Wire;

/// <summary>Strings and numbers as LiteLLM's serializers write them.</summary>
internal static class JsonText
{
    /// <summary>
    /// The inside of a JSON string: only quote, backslash and control characters are escaped; everything else stays UTF-8.
    /// </summary>
    public static byte[] Escape(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && text.AsSpan().IndexOfAny('"', '\\') < 0)
        {
            return Encoding.UTF8.GetBytes(text);
        }
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        }
        return Encoding.UTF8.GetBytes(escaped.ToString());
    }

    /// <summary>The text that stands escaped inside a JSON string.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> escaped) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>([(byte)'"', .. escaped, (byte)'"'])!);

    /// <summary>A float as Python prints it: <c>0.00015</c>, <c>1e-05</c>, <c>3.9999999999999996e-05</c>, <c>0.0</c>.</summary>
    public static string PythonFloat(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;
    }

    /// <summary>A float in the shortest form of 1.109's <c>/model/info</c>: <c>2e-6</c>, <c>0.000011</c>, <c>0.0</c>.</summary>
    public static string ShortestFloat(double value)
    {
        return value switch
        {
            >= 1e-5 and < 1e-4 => value.ToString("0.#########################", CultureInfo.InvariantCulture),
            _ => PythonFloat(value).Replace("e-0", "e-", StringComparison.Ordinal),
        };
    }
}

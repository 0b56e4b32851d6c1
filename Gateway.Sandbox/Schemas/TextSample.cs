using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Sandbox.Schemas;

/// <summary>Texts of a schema's format, length and, as far as it is a common one, pattern.</summary>
internal static class TextSample
{
    private const string Word = "text";
    private const int Longest = 4_096;

    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(50);

    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["date-time"] = "2026-01-0{0}T08:00:00Z",
        ["date"] = "2026-01-0{0}",
        ["time"] = "08:00:0{0}Z",
        ["duration"] = "P{0}D",
        ["email"] = "user{0}@example.com",
        ["idn-email"] = "user{0}@example.com",
        ["hostname"] = "host{0}.example.com",
        ["ipv4"] = "192.0.2.{0}",
        ["ipv6"] = "2001:db8::{0}",
        ["uuid"] = "00000000-0000-4000-8000-00000000000{0}",
        ["uri"] = "https://example.com/{0}",
        ["url"] = "https://example.com/{0}",
        ["uri-reference"] = "/{0}",
        ["iri"] = "https://example.com/{0}",
        ["json-pointer"] = "/{0}",
        ["regex"] = "a{0}",
        ["byte"] = "dGV4dA==",
        ["binary"] = "text",
    };

    private static readonly string[] Candidates =
    [
        Word,
        "Text",
        "TEXT",
        "a",
        "A",
        "1",
        "12",
        "123",
        "1234",
        "12345",
        "123456",
        "1234567890",
        "1.5",
        "1.0.0",
        "ab",
        "AB",
        "abc",
        "ABC",
        "abc-123",
        "ABC-123",
        "AB-1234",
        "abc_def",
        "+14155550100",
        "2026-01-01",
        "08:00",
        "2026-01-01T08:00:00Z",
        "user@example.com",
        "https://example.com/",
        "#a0b1c2",
        "00000000-0000-4000-8000-000000000001",
        "en",
        "en-US",
        "USD",
        "a b",
        "",
    ];

    public static string Of(SchemaNode node, int index)
    {
        var number = (index % 9) + 1;
        if (node.Text("format") is { } format && Formats.TryGetValue(format, out var form))
        {
            return string.Format(CultureInfo.InvariantCulture, form, number);
        }
        var (least, most) = (Length(node.Number("minLength"), 0), Length(node.Number("maxLength"), Longest));
        if (
            node.Text("pattern") is { } pattern
            && Candidates.FirstOrDefault(c => c.Length >= least && c.Length <= most && Matches(pattern, c)) is { } candidate
        )
        {
            return candidate;
        }
        var text = index == 0 ? Word : $"{Word} {index + 1}";
        text = text.Length < least ? text.PadRight(least, 'x') : text;
        return text.Length > most ? text[^most..] : text;
    }

    private static int Length(decimal? told, int standard) => told is { } length ? (int)Math.Clamp(length, 0, Longest) : standard;

    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, PatternLimit);
        }
        catch (ArgumentException) // a pattern that .NET does not know
        {
            return false;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}

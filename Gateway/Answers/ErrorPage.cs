using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Answers;

/// <summary>The sentence of an error that is no JSON: a proxy's plain text, or the title of its page.</summary>
internal static partial class ErrorPage
{
    /// <summary>
    /// The text; null for an empty body, broken JSON, bytes that are no text, and a sentence that only repeats the status.
    /// </summary>
    public static string? Read(ReadOnlySpan<byte> body, int status)
    {
        var text = Encoding.UTF8.GetString(body).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.Length == 0 || text[0] is '{' or '[' || text.Any(letter => char.IsControl(letter) && letter is not ('\t' or '\r' or '\n')))
        {
            return null;
        }
        if (text[0] == '<')
        {
            text = WebUtility.HtmlDecode(Title().Match(text).Groups[1].Value).Trim();
        }
        return SaysMoreThan(status, text) ? text : null;
    }

    // "502 Bad Gateway", "Internal Server Error"
    private static bool SaysMoreThan(int status, string text)
    {
        var number = status.ToString(CultureInfo.InvariantCulture);
        var rest = text.StartsWith(number, StringComparison.Ordinal) ? text[number.Length..].TrimStart(' ', '-', ':', '|') : text;
        return rest.Length > 0 && !rest.Equals(ReasonPhrases.GetReasonPhrase(status), StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("<title[^>]{0,200}>([^<]{1,500})</title>", RegexOptions.IgnoreCase)]
    private static partial Regex Title();
}

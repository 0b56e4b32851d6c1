using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Relaying;

/// <summary>The sentence of an error that is no JSON: a proxy's plain text, or the title of its page.</summary>
internal static partial class ErrorPage
{
    /// <summary>The text; null for an empty body, broken JSON, bytes that are no text, and a title that only repeats the status.</summary>
    public static string? Read(ReadOnlySpan<byte> body, int status)
    {
        var text = Encoding.UTF8.GetString(body).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.Length == 0 || text[0] is '{' or '[' || text.Any(letter => char.IsControl(letter) && letter is not ('\t' or '\r' or '\n')))
        {
            return null;
        }
        return text[0] == '<' ? TitleOf(text, status) : text;
    }

    private static string? TitleOf(string page, int status)
    {
        var title = WebUtility.HtmlDecode(Title().Match(page).Groups[1].Value).Trim();
        var repeatsStatus = title.StartsWith(status.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return title.Length == 0 || repeatsStatus ? null : title;
    }

    [GeneratedRegex("<title[^>]{0,200}>([^<]{1,500})</title>", RegexOptions.IgnoreCase)]
    private static partial Regex Title();
}

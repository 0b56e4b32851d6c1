namespace Gateway.Admin.Logos;

/// <summary>
/// Where a company's logo may be: an http or https address, or a path under <c>/uploads/</c>. No path may leave where it begins, however
/// it is encoded.
/// </summary>
internal static class LogoAddress
{
    private const string Folder = "/uploads/";
    private const int MostEncodings = 4;

    public static bool IsValid(string url)
    {
        if (url.StartsWith('/'))
        {
            return url.StartsWith(Folder, StringComparison.Ordinal) && url.Length > Folder.Length && StaysWithin(url);
        }
        return Uri.TryCreate(url, UriKind.Absolute, out var absolute)
            && absolute.Scheme is "http" or "https"
            && absolute.UserInfo.Length == 0
            && StaysWithin(PathOf(url));
    }

    // As it was written: Uri takes dots out of a path before anybody sees them.
    private static string PathOf(string url)
    {
        var host = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var slash = url.AsSpan(host).IndexOfAny('/', '\\', '?');
        return slash < 0 ? "" : url[(host + slash)..];
    }

    private static bool StaysWithin(string path)
    {
        for (var encoding = 0; ; encoding++)
        {
            var end = path.AsSpan().IndexOfAny('?', '#');
            var decoded = end < 0 ? path : path[..end];
            if (decoded.Contains('\\') || decoded.Any(char.IsControl) || decoded.Split('/').Any(part => part is "." or ".."))
            {
                return false;
            }
            var next = Uri.UnescapeDataString(decoded);
            if (next == decoded)
            {
                return true;
            }
            if (encoding == MostEncodings)
            {
                return false;
            }
            path = next;
        }
    }
}

using Gateway.Admin.Transport;
using Microsoft.Net.Http.Headers;

namespace Gateway.Admin.WebConsole;

/// <summary>
/// One script, style sheet or picture of the console. Its name has a hash of its content, so that browsers keep it for ever; where the
/// build left a compressed form beside it, that one is sent to browsers that read it.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="HasBrotli">Whether the same with <c>.br</c> lies beside it.</param>
/// <param name="HasGzip">Whether the same with <c>.gz</c> lies beside it.</param>
internal sealed record ConsoleFile(string Path, string ContentType, bool HasBrotli, bool HasGzip)
{
    public async Task SendAsync(HttpContext http)
    {
        http.AddBrowserHeaders();
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        http.Response.ContentType = ContentType;
        var (path, encoding) =
            HasBrotli && Reads(http.Request, "br") ? (Path + ".br", "br")
            : HasGzip && Reads(http.Request, "gzip") ? (Path + ".gz", "gzip")
            : (Path, null);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }
        http.Response.ContentLength = new FileInfo(path).Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.SendFileAsync(path, http.RequestAborted);
        }
    }

    private static bool Reads(HttpRequest request, string encoding) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted)
        && accepted.Any(a => a.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && a.Quality != 0);
}

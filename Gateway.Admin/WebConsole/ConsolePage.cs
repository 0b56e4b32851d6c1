using System.Security.Cryptography;
using System.Text;
using Gateway.Admin.Transport;
using Microsoft.Net.Http.Headers;

namespace Gateway.Admin.WebConsole;

/// <summary>
/// The one page of the console, whichever of its views is asked for; where it was not built, a page that says how to get it. Everything
/// that it loads comes from this gateway, and styles that scripts add carry a nonce that each answer makes anew.
/// </summary>
internal static class ConsolePage
{
    /// <summary>Where the nonce goes in the page that the build made.</summary>
    public const string NoncePlace = "nonce-of-this-answer";

    private const int NonceBytes = 16;

    private const string NotBuilt = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>OneUIHub Gateway</title><link rel="icon" href="data:,"></head>
        <body><main><h1>OneUIHub Gateway</h1>
        <p>The gateway runs. Its console was not built, because Node.js 20 or newer, or its packages, could not be reached.</p>
        <p>Install Node.js with npm, stop the gateway and start it again:</p>
        <pre>dotnet run -c Release --project Gateway</pre>
        <p>Debug builds have no console. Everything that the console does, the <a href="/docs">API</a> does too.</p></main></body></html>
        """;

    /// <summary>
    /// Whether a request to <c>/</c> comes from somebody who reads pages: it names HTML, and does not ask for JSON at least as much.
    /// </summary>
    public static bool IsWanted(HttpRequest request)
    {
        if (
            !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        )
        {
            return false;
        }
        var html = QualityOf(accepted, "text/html");
        return html > 0 && html > QualityOf(accepted, "application/json");
    }

    public static async Task SendAsync(HttpContext http, ConsoleFiles files)
    {
        http.AddBrowserHeaders();
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers.Vary = HeaderNames.Accept;
        var page = Encoding.UTF8.GetBytes((files.Page ?? NotBuilt).Replace(NoncePlace, nonce, StringComparison.Ordinal));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(page, http.RequestAborted);
        }
    }

    private static double QualityOf(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted
            .Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Select(a => a.Quality ?? 1)
            .DefaultIfEmpty()
            .Max();
}

namespace Gateway.Calls;

/// <summary>
/// Gives each request its id and puts it on the answer, no matter who writes that. A client's own id is echoed under another name and never
/// trusted.
/// </summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    public const string Header = "x-oneui-request-id";
    private const int LongestClientId = 64;

    public Task InvokeAsync(HttpContext http)
    {
        var requestId = Guid.CreateVersion7().ToString();
        http.SetRequestId(requestId);
        WriteHeaders(http);
        return next(http);
    }

    /// <summary>Writes the headers, also again where an answer that had begun was cleared.</summary>
    public static void WriteHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers[Header] = http.GetRequestId();
        headers["x-request-id"] = http.GetRequestId();
        if (http.FindApi() is { SpeaksAnthropic: true })
        {
            headers["request-id"] = http.GetRequestId();
        }
        if (ClientRequestId(http.Request) is { } clientId)
        {
            headers["x-client-request-id"] = clientId;
        }
    }

    /// <summary>The client's id when it is one that may be echoed and stored: at most 64 of <c>[A-Za-z0-9._-]</c>.</summary>
    public static string? ClientRequestId(HttpRequest request)
    {
        var values = request.Headers["x-request-id"];
        return values is [{ Length: > 0 and <= LongestClientId } id] && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? id
            : null;
    }
}

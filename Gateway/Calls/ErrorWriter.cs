using System.Globalization;

namespace Gateway.Calls;

/// <summary>Answers with errors, in the form of the API called.</summary>
internal static class ErrorWriter
{
    /// <summary>Answers with a refusal. Does nothing when the answer has begun or the client is gone.</summary>
    public static Task RefuseAsync(this HttpContext http, Refusal refusal)
    {
        if (http.Response.HasStarted)
        {
            return Task.CompletedTask;
        }
        http.Features.Set(refusal); // for metrics and the log
        if (refusal.Allow is not null)
        {
            http.Response.Headers.Allow = refusal.Allow;
        }
        if (refusal.Challenge)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        if (refusal.MustNotRetry || refusal.Challenge)
        {
            // The same key is refused again; a coding tool tried it for minutes before it told anybody
            http.Response.Headers["x-should-retry"] = "false";
        }
        return WriteAsync(
            http,
            refusal.Status,
            http.GetErrorForm().Serialize(refusal.Status, refusal.ToError(), http.GetRequestId(), isOurs: true, refusal.Details)
        );
    }

    /// <summary>Answers with an error that the upstream made.</summary>
    public static Task WriteUpstreamErrorAsync(this HttpContext http, int status, OpenAiError error)
    {
        http.Response.Headers["x-oneui-origin"] = "upstream";
        return WriteAsync(http, status, http.GetErrorForm().Serialize(status, error, http.GetRequestId(), isOurs: false));
    }

    private static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            try
            {
                await http.Response.Body.WriteAsync(body, CancellationToken.None);
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException)
            {
                // The client is gone; there is nobody to tell.
            }
        }
    }
}

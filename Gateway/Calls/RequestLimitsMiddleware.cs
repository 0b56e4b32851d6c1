using Gateway.Core.Configuration;

namespace Gateway.Calls;

/// <summary>Refuses URLs and headers that are too long, in the shape of the API. Kestrel's own limits stand above these.</summary>
internal sealed class RequestLimitsMiddleware(RequestDelegate next, ServerOptions options)
{
    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if ((request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0) > options.MaxUrlBytes)
        {
            return http.RefuseAsync(Refusals.UrlTooLong(options.MaxUrlBytes));
        }
        var headerBytes = 0;
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values)
            {
                headerBytes += name.Length + 2 + (value?.Length ?? 0) + 2;
            }
        }
        return headerBytes > options.MaxHeaderBytes ? http.RefuseAsync(Refusals.HeadersTooLarge) : next(http);
    }
}

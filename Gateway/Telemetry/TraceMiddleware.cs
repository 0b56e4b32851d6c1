using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Telemetry;

/// <summary>
/// Gives each traced request's server span its name, route and status. The path as sent stays out: clients write what they like into it.
/// </summary>
internal sealed class TraceMiddleware(RequestDelegate next)
{
    private const string NoRoute = "unknown";

    public async Task InvokeAsync(HttpContext http)
    {
        var span = http.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is not null)
        {
            span.TraceStateString = null; // free text of a client's, which every span of the call would carry
        }
        try
        {
            await next(http);
        }
        finally
        {
            if (span is { IsAllDataRequested: true })
            {
                Describe(span, http);
            }
        }
    }

    private static void Describe(Activity span, HttpContext http)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
        var method = MethodOf(http.Request.Method);
        var status = http.Response.StatusCode;
        span.DisplayName = $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        span.SetTag("url.scheme", http.Request.Scheme == "https" ? "https" : "http");
        span.SetTag("http.response.status_code", status);
        if (status >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static string MethodOf(string method) =>
        method switch
        {
            "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" => method,
            _ => "_OTHER",
        };
}

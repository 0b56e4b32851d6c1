using Gateway.Admin.Conventions;

namespace Gateway.Admin.Transport;

/// <summary>Refuses requests above <see cref="HttpLimits"/> before anything else is done for them.</summary>
internal sealed class HttpLimitsMiddleware(RequestDelegate next, HttpLimits limits)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (await limits.TakeAsync(http) is { } wait)
        {
            HttpLimits.SetRetryAfter(http, wait);
            await ApiError.TooManyRequests.ExecuteAsync(http);
            return;
        }
        await next(http);
        if (http.Response.StatusCode != StatusCodes.Status304NotModified)
        {
            http.Features.Get<DeferredCount>()?.Take();
        }
    }
}

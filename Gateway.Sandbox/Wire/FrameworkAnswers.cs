using Microsoft.Extensions.Primitives;

namespace Gateway.Sandbox.Wire;

/// <summary>What the web framework under LiteLLM adds to every answer: its own headers, and the bodies of 404 and 405.</summary>
internal static class FrameworkAnswers
{
    private static readonly StringValues Origin = "Origin";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues NoAncestors = "frame-ancestors 'none'";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Uvicorn = "uvicorn";

    public static Func<RequestDelegate, RequestDelegate> Around(LiteLlmBehaviour behaviour) =>
        next =>
            async http =>
            {
                AddHeaders(http.Response.Headers, behaviour);
                await next(http);
                if (http.GetEndpoint() is null || http.Response is { HasStarted: false, StatusCode: 405, ContentLength: null })
                {
                    await WriteUnroutedAsync(http);
                }
            };

    private static void AddHeaders(IHeaderDictionary headers, LiteLlmBehaviour behaviour)
    {
        if (behaviour == LiteLlmBehaviour.Legacy)
        {
            headers.Server = Uvicorn;
            return;
        }
        headers.Vary = Origin;
        headers.XFrameOptions = Deny;
        headers.ContentSecurityPolicy = NoAncestors;
        headers.XContentTypeOptions = NoSniff;
    }

    private static Task WriteUnroutedAsync(HttpContext http) =>
        http.Response.StatusCode switch
        {
            404 => Answer.DetailAsync(http, 404, "Not Found"),
            405 => Answer.DetailAsync(http, 405, "Method Not Allowed"),
            _ => Task.CompletedTask,
        };
}

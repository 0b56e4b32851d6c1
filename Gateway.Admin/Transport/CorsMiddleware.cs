using Gateway.Core.Configuration;

namespace Gateway.Admin.Transport;

/// <summary>
/// Lets browser pages of listed origins call <c>/api/v1</c> and <c>/v1</c>, errors included. A listed origin is echoed with
/// credentials; <c>*</c> in the list stands for any other origin, without credentials. Does nothing for requests without an origin.
/// </summary>
internal sealed class CorsMiddleware
{
    private const string Any = "*";
    private const string Methods = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    private const string RequestHeaders = "Origin, Content-Type, Authorization, Accept, Cache-Control, X-Requested-With, X-Request-Id";
    private const string Exposed =
        "X-Total-Count, X-Has-More, X-Request-Id, X-Client-Request-Id, Retry-After, Retry-After-Ms, X-Should-Retry, Content-Disposition, "
        + "X-OneUI-Request-Id, X-OneUI-Cost-Usd, X-OneUI-Origin, X-OneUI-Shadow, X-RateLimit-Limit-Requests, "
        + "X-RateLimit-Remaining-Requests, "
        + "X-RateLimit-Reset-Requests, X-RateLimit-Limit-Tokens, X-RateLimit-Remaining-Tokens, X-RateLimit-Reset-Tokens";
    private const string MaxAgeSeconds = "43200";
    private const int MostAskedHeaders = 100;
    private const int LongestAsked = 4_096;

    private static readonly string[] DevelopmentOrigins = ["http://localhost:3000", "http://localhost:5173", "http://localhost:8888"];

    private readonly RequestDelegate _next;
    private readonly HashSet<string> _origins;

    public CorsMiddleware(RequestDelegate next, ServerOptions options, IHostEnvironment environment)
    {
        _next = next;
        _origins = (options.CorsOrigins ?? (environment.IsDevelopment() ? DevelopmentOrigins : []))
            .Select(o => o.TrimEnd('/'))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public Task InvokeAsync(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return _next(http);
        }
        var headers = http.Response.Headers;
        headers.Vary = "Origin";
        var isListed = _origins.Contains(origin);
        if (!isListed && !_origins.Contains(Any))
        {
            return _next(http);
        }
        headers.AccessControlAllowOrigin = isListed ? origin : Any;
        headers.AccessControlExposeHeaders = Exposed;
        if (isListed)
        {
            headers.AccessControlAllowCredentials = "true";
        }
        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return _next(http);
        }
        // SDKs in browsers send headers of their own (x-stainless-*, api-key, ...): they are allowed as they are asked for.
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = AllowedOf(http.Request.Headers.AccessControlRequestHeaders.ToString());
        headers.AccessControlMaxAge = MaxAgeSeconds;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    // What is no name of a header is left out, as the browser will not send it either; and an answer does not grow with its question.
    private static string AllowedOf(string asked)
    {
        if (asked.Length is 0 or > LongestAsked)
        {
            return RequestHeaders;
        }
        var names = asked
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(IsName)
            .Take(MostAskedHeaders);
        return string.Join(", ", names) is { Length: > 0 } allowed ? allowed : RequestHeaders;
    }

    private static bool IsName(string text) => text.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));
}

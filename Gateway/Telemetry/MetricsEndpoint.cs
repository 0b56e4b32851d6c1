using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Configuration;

namespace Gateway.Telemetry;

/// <summary><c>GET /metrics</c> for Prometheus: open, or closed by METRICS_TOKEN as a bearer token.</summary>
internal static class MetricsEndpoint
{
    private const string Path = "/metrics";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapMetrics(this IEndpointRouteBuilder routes, TelemetryOptions options)
    {
        routes
            .MapPrometheusScrapingEndpoint(Path, meterProvider: null, scrape => scrape.Use(Guard), optionsName: null)
            .WithMetadata(new HttpMethodMetadata(Reading));

        Task Guard(HttpContext http, RequestDelegate next)
        {
            http.Response.Headers.CacheControl = "no-store";
            if (options.MetricsToken is { } token && !HasToken(http.Request.Headers, token))
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                http.Response.Headers.WWWAuthenticate = "Bearer";
                return Task.CompletedTask;
            }
            return next(http);
        }
    }

    private static bool HasToken(IHeaderDictionary headers, string token)
    {
        const string scheme = "Bearer ";
        return headers.Authorization is [{ } given]
            && given.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(given[scheme.Length..])),
                SHA256.HashData(Encoding.UTF8.GetBytes(token))
            );
    }
}

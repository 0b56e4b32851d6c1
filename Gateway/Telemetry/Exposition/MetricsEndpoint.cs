using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Configuration;

namespace Gateway.Telemetry.Exposition;

/// <summary><c>GET /metrics</c> for Prometheus: open, or behind METRICS_TOKEN as a bearer token.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    private const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";
    private static readonly TimeSpan LongestScrape = TimeSpan.FromSeconds(10);

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], GetMetrics);

    private static async Task GetMetrics(HttpContext http, MetricScraper scraper, TelemetryOptions options)
    {
        var response = http.Response;
        response.Headers.CacheControl = "no-store";
        if (options.MetricsToken is { } token && !HasToken(http.Request.Headers, token))
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            response.Headers.WWWAuthenticate = "Bearer";
            return;
        }
        var format = ExpositionFormats.Negotiate(http.Request.Headers);
        if (await scraper.ScrapeAsync(format, LimitOf(http.Request.Headers), http.RequestAborted) is not { } text)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        response.Headers.Vary = "Accept";
        response.ContentType = format.ContentType();
        response.ContentLength = text.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(text, http.RequestAborted);
        }
    }

    // The scraper says how long it waits: an answer after that is work for nothing.
    private static TimeSpan LimitOf(IHeaderDictionary headers) =>
        double.TryParse(headers[TimeoutHeader], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0
        && seconds < LongestScrape.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : LongestScrape;

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

using Microsoft.Net.Http.Headers;

namespace Gateway.Telemetry.Exposition;

/// <summary>Chooses by the header <c>Accept</c>.</summary>
internal static class ExpositionFormats
{
    private const string OpenMetricsMediaType = "application/openmetrics-text";

    public static string ContentType(this ExpositionFormat format) =>
        format == ExpositionFormat.OpenMetrics
            ? OpenMetricsMediaType + "; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>
    /// OpenMetrics when it is named, in version 1 or without one, and no text is liked better; Prometheus text in all other cases.
    /// </summary>
    public static ExpositionFormat Negotiate(IHeaderDictionary headers)
    {
        if (!MediaTypeHeaderValue.TryParseList(headers.Accept, out var accepted))
        {
            return ExpositionFormat.PrometheusText;
        }
        double openMetrics = 0;
        double text = 0;
        foreach (var type in accepted)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals(OpenMetricsMediaType, StringComparison.OrdinalIgnoreCase))
            {
                openMetrics = Math.Max(openMetrics, Version(type) is null or "1.0.0" ? quality : 0);
            }
            else if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, quality);
            }
        }
        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    private static string? Version(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(p => p.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
}

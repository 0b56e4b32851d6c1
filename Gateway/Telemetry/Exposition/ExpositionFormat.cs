namespace Gateway.Telemetry.Exposition;

/// <summary>The two texts that a scraper may ask for.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4, when nothing else is asked for: a person, an old scraper.</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0: has units, created stamps and exemplars.</summary>
    OpenMetrics,
}

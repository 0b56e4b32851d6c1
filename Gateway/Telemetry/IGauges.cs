namespace Gateway.Telemetry;

/// <summary>
/// Figures of a room that are read off its parts at each collection. Registered by the room that owns them; the metrics know none of these
/// parts.
/// </summary>
internal interface IGauges
{
    /// <summary>Makes the gauges, once, at the start.</summary>
    void Show(GatewayMetrics metrics);
}

using System.Diagnostics.Metrics;

namespace Gateway.Recording;

/// <summary>What the gateway counts of itself. Labels are bounded: models of the catalogue, kinds of events.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OneUIHub.Gateway";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _boundExceeded;
    private readonly Counter<long> _events;
    private readonly Counter<long> _shadowHits;
    private readonly Counter<long> _clamps;
    private readonly Counter<long> _streamCuts;

    public GatewayMetrics()
    {
        _boundExceeded = _meter.CreateCounter<long>("oneui_bound_exceeded", "{call}", "Calls that cost more than was held for them.");
        _events = _meter.CreateCounter<long>("oneui_events", "{event}", "Events that were recorded, by type; of several nodes that tell the same thing one counts it.");
        _shadowHits = _meter.CreateCounter<long>("oneui_shadow_hits", "{call}", "Calls that a shadow limit would have refused.");
        _clamps = _meter.CreateCounter<long>("oneui_clamps", "{call}", "Calls whose maximum was lowered to what the money covers.");
        _streamCuts = _meter.CreateCounter<long>("oneui_stream_cuts", "{call}", "Streams that were ended because their money was used up.");
    }

    /// <summary>Calls that cost more than was held, since the start. Under strict holds it stays 0.</summary>
    public long BoundExceededCount { get; private set; }

    public void BoundExceeded(string model)
    {
        lock (_meter)
        {
            BoundExceededCount++;
        }
        _boundExceeded.Add(1, new KeyValuePair<string, object?>("model", model));
    }

    public void EventRecorded(string type) => _events.Add(1, new KeyValuePair<string, object?>("type", type));

    public void ShadowHit(string scope, string window) => _shadowHits.Add(1, new KeyValuePair<string, object?>("scope", scope), new KeyValuePair<string, object?>("window", window));

    public void Clamped(string model) => _clamps.Add(1, new KeyValuePair<string, object?>("model", model));

    public void StreamCut(string model) => _streamCuts.Add(1, new KeyValuePair<string, object?>("model", model));

    public void Dispose() => _meter.Dispose();
}

using System.Buffers;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gateway.Telemetry.Exposition;

/// <summary>
/// OpenTelemetry's end of <c>/metrics</c>: its reader collects when asked, and hands over every metric, which is written at once because
/// points live only as long as the collection. Not thread-safe; <see cref="MetricScraper"/> lets in one at a time.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private const int FirstBufferBytes = 64 * 1024;

    private ExpositionFormat _format;
    private ArrayBufferWriter<byte>? _text;
    private int _lastLength = FirstBufferBytes;

    /// <summary>Set by OpenTelemetry's reader.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects and writes.</summary>
    /// <param name="format">The text asked for.</param>
    /// <param name="limit">The longest that collecting may take.</param>
    /// <returns>The text; null when it did not come about in time.</returns>
    public ReadOnlyMemory<byte>? Render(ExpositionFormat format, TimeSpan limit)
    {
        _format = format;
        _text = null;
        if (Collect?.Invoke((int)limit.TotalMilliseconds) != true || _text is not { } text)
        {
            return null;
        }
        _text = null;
        _lastLength = text.WrittenCount;
        return text.WrittenMemory;
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var metrics = new List<Metric>((int)batch.Count);
        foreach (var metric in batch)
        {
            metrics.Add(metric);
        }
        var text = new ArrayBufferWriter<byte>(_lastLength + (_lastLength / 8));
        new ExpositionWriter(text, _format).Write(metrics);
        _text = text;
        return ExportResult.Success;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gateway.Telemetry.Exposition;

/// <summary>
/// Writes metrics as text. A family's lines stand together, whichever meters they come from; a family that two meters share tells them
/// apart by the label <c>otel_scope_name</c>. Allocates only for the grouping. Not thread-safe: one for each collection.
/// </summary>
internal sealed class ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
{
    private const int LongestNumber = 32;

    private readonly bool _isOpenMetrics = format == ExpositionFormat.OpenMetrics;
    private MetricFamily _family = null!;
    private string? _scope;

    /// <summary>
    /// Writes all families, by name. An instrument whose name and type contradict an earlier one's is left out: the text would be invalid.
    /// </summary>
    public void Write(IEnumerable<Metric> metrics)
    {
        var families = metrics
            .Select(m => (Metric: m, Family: MetricFamily.Of(m)))
            .GroupBy(m => m.Family.Name, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var group in families)
        {
            _family = group.First().Family;
            var members = group.Where(m => m.Family.Type == _family.Type).Select(m => m.Metric).ToList();
            WriteHead();
            foreach (var metric in members)
            {
                _scope = members.Count > 1 ? metric.MeterName : null;
                WriteSamples(metric);
            }
        }
        if (_isOpenMetrics)
        {
            Append("# EOF\n"u8);
        }
    }

    private void WriteHead()
    {
        WriteHeadLine("# TYPE "u8, _family.Type);
        if (_isOpenMetrics && _family.Unit.Length > 0)
        {
            WriteHeadLine("# UNIT "u8, _family.Unit);
        }
        if (_family.Help.Length > 0)
        {
            WriteHeadLine("# HELP "u8, _family.Help);
        }
    }

    private void WriteHeadLine(ReadOnlySpan<byte> start, string text)
    {
        Append(start);
        Append(_family.Name);
        if (_family.IsCounter && !_isOpenMetrics)
        {
            Append("_total"u8);
        }
        Append(" "u8);
        AppendEscaped(text, escapeQuotes: _isOpenMetrics);
        Append("\n"u8);
    }

    private void WriteSamples(Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            switch (metric.MetricType)
            {
                case MetricType.LongSum when _family.IsCounter:
                    WriteCounter(point, isLong: true);
                    break;
                case MetricType.DoubleSum when _family.IsCounter:
                    WriteCounter(point, isLong: false);
                    break;
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    WriteSample(""u8, point.Tags, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    WriteSample(""u8, point.Tags, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    WriteSample(""u8, point.Tags, point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    WriteSample(""u8, point.Tags, point.GetGaugeLastValueDouble());
                    break;
                case MetricType.Histogram:
                    WriteHistogram(point);
                    break;
            }
        }
    }

    private void WriteCounter(in MetricPoint point, bool isLong)
    {
        StartSample("_total"u8, point.Tags);
        if (isLong)
        {
            AppendNumber(point.GetSumLong());
        }
        else
        {
            AppendNumber(point.GetSumDouble());
        }
        if (_isOpenMetrics && point.TryGetExemplars(out var exemplars))
        {
            foreach (ref readonly var exemplar in exemplars)
            {
                if (exemplar.TraceId != default)
                {
                    AppendExemplar(exemplar, isLong ? exemplar.LongValue : exemplar.DoubleValue);
                    break;
                }
            }
        }
        Append("\n"u8);
        WriteCreated(point);
    }

    private void WriteHistogram(in MetricPoint point)
    {
        var hasExemplars = point.TryGetExemplars(out var exemplars) && _isOpenMetrics;
        long cumulative = 0;
        var below = double.NegativeInfinity;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            StartSample("_bucket"u8, point.Tags, bucket.ExplicitBound);
            AppendNumber(cumulative);
            if (hasExemplars)
            {
                AppendExemplarWithin(exemplars, below, bucket.ExplicitBound);
            }
            Append("\n"u8);
            below = bucket.ExplicitBound;
        }
        WriteSample("_sum"u8, point.Tags, point.GetHistogramSum());
        WriteSample("_count"u8, point.Tags, point.GetHistogramCount());
        WriteCreated(point);
    }

    // The prose of OpenMetrics: an exemplar stands on the bucket that its value fell into, and only there.
    private void AppendExemplarWithin(ReadOnlyExemplarCollection exemplars, double below, double bound)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.TraceId != default && exemplar.DoubleValue > below && exemplar.DoubleValue <= bound)
            {
                AppendExemplar(exemplar, exemplar.DoubleValue);
                return;
            }
        }
    }

    private void AppendExemplar(in Exemplar exemplar, double value)
    {
        Append(" # {trace_id=\""u8);
        Append(exemplar.TraceId.ToHexString());
        Append("\",span_id=\""u8);
        Append(exemplar.SpanId.ToHexString());
        Append("\"} "u8);
        AppendNumber(value);
        Append(" "u8);
        AppendSeconds(exemplar.Timestamp);
    }

    private void WriteCreated(in MetricPoint point)
    {
        if (_isOpenMetrics)
        {
            StartSample("_created"u8, point.Tags);
            AppendSeconds(point.StartTime);
            Append("\n"u8);
        }
    }

    private void WriteSample(ReadOnlySpan<byte> suffix, ReadOnlyTagCollection tags, double value)
    {
        StartSample(suffix, tags);
        AppendNumber(value);
        Append("\n"u8);
    }

    private void WriteSample(ReadOnlySpan<byte> suffix, ReadOnlyTagCollection tags, long value)
    {
        StartSample(suffix, tags);
        AppendNumber(value);
        Append("\n"u8);
    }

    private void StartSample(ReadOnlySpan<byte> suffix, ReadOnlyTagCollection tags, double? bound = null)
    {
        Append(_family.Name);
        Append(suffix);
        var separator = "{"u8;
        if (_scope is not null)
        {
            separator = AppendLabel(separator, "otel_scope_name", _scope);
        }
        foreach (var (name, value) in tags)
        {
            separator = AppendLabel(separator, MetricFamily.LabelName(name), LabelText(value));
        }
        if (bound is { } le)
        {
            Append(separator);
            Append("le=\""u8);
            AppendBound(le);
            Append("\"} "u8);
            return;
        }
        Append(separator[0] == '{' ? " "u8 : "} "u8);
    }

    private ReadOnlySpan<byte> AppendLabel(ReadOnlySpan<byte> separator, string name, string value)
    {
        Append(separator);
        Append(name);
        Append("=\""u8);
        AppendEscaped(value, escapeQuotes: true);
        Append("\""u8);
        return ","u8;
    }

    private static string LabelText(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            true => "true",
            false => "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    // OpenMetrics wants bounds as floats in full, so that "1" and "1.0" are not two buckets.
    private void AppendBound(double bound)
    {
        AppendNumber(bound);
        if (_isOpenMetrics && double.IsInteger(bound) && Math.Abs(bound) < 1e15)
        {
            Append(".0"u8);
        }
    }

    private void AppendNumber(double value)
    {
        if (double.IsFinite(value))
        {
            var span = output.GetSpan(LongestNumber);
            value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
            output.Advance(written);
            return;
        }
        Append(
            double.IsNaN(value) ? "NaN"u8
            : value > 0 ? "+Inf"u8
            : "-Inf"u8
        );
    }

    private void AppendNumber(long value)
    {
        var span = output.GetSpan(LongestNumber);
        value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void AppendSeconds(DateTimeOffset time)
    {
        var span = output.GetSpan(LongestNumber);
        (time.ToUnixTimeMilliseconds() / 1000m).TryFormat(span, out var written, "0.000", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void AppendEscaped(string text, bool escapeQuotes)
    {
        while (text.AsSpan().IndexOfAny('\\', '\n', '"') is var at and >= 0)
        {
            Append(text.AsSpan(0, at));
            Append(
                text[at] switch
                {
                    '\\' => "\\\\"u8,
                    '\n' => "\\n"u8,
                    _ => escapeQuotes ? "\\\""u8 : "\""u8,
                }
            );
            text = text[(at + 1)..];
        }
        Append(text);
    }

    private void Append(ReadOnlySpan<char> text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    private void Append(ReadOnlySpan<byte> bytes) => output.Write(bytes);
}

using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using OpenTelemetry.Metrics;

namespace Gateway.Telemetry.Exposition;

/// <summary>What stands above the samples of an instrument: its name as Prometheus spells it, type, unit and help.</summary>
/// <param name="Name">Unit included, <c>_total</c> not.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Unit">The unit at the end of the name; empty when it has none.</param>
/// <param name="Help">One sentence.</param>
internal sealed record MetricFamily(string Name, string Type, string Unit, string Help)
{
    private static readonly ConcurrentDictionary<string, string> LabelNames = new(StringComparer.Ordinal); // names stand in code: bounded

    // What the runtime declares as counters though it goes up and down.
    private static readonly FrozenSet<string> Gauges = FrozenSet.Create(
        StringComparer.Ordinal,
        "dotnet.thread_pool.threads",
        "dotnet.thread_pool.queue.length"
    );

    /// <summary>Whether it is a counter, whose samples end with <c>_total</c>.</summary>
    public bool IsCounter => Type == "counter";

    public static MetricFamily Of(Metric metric) => Of(metric.Name, metric.Unit, metric.Description, metric.MetricType);

    /// <summary>Maps by the rules of OpenTelemetry's Prometheus compatibility.</summary>
    public static MetricFamily Of(string instrument, string unit, string description, MetricType type)
    {
        var kind = type switch
        {
            _ when Gauges.Contains(instrument) => "gauge",
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.Histogram => "histogram",
            _ => "gauge",
        };
        var name = Sanitize(instrument);
        if (kind == "counter" && name.EndsWith("_total", StringComparison.Ordinal))
        {
            name = name[..^"_total".Length];
        }
        var suffix = UnitName(unit, isGauge: kind == "gauge");
        if (suffix.Length > 0 && !name.EndsWith("_" + suffix, StringComparison.Ordinal))
        {
            name = name + "_" + suffix;
        }
        return new MetricFamily(name, kind, suffix, description);
    }

    /// <summary>A label's name: letters, digits and underscores.</summary>
    public static string LabelName(string tag) => LabelNames.GetOrAdd(tag, static t => Sanitize(t).Replace(':', '_'));

    private static string Sanitize(string name)
    {
        var kept = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            var isAllowed = char.IsAsciiLetterOrDigit(c) || c is '_' or ':';
            if (kept.Length == 0 && char.IsAsciiDigit(c))
            {
                kept.Append('_');
            }
            if (isAllowed || kept.Length == 0 || kept[^1] != '_')
            {
                kept.Append(isAllowed ? c : '_');
            }
        }
        return kept.ToString();
    }

    private static string UnitName(string unit, bool isGauge)
    {
        var slash = unit.IndexOf('/');
        if (slash > 0)
        {
            var (top, per) = (UnitName(unit[..slash], isGauge: false), UnitName(unit[(slash + 1)..], isGauge: false));
            return top.Length > 0 && per.Length > 0 ? $"{top}_per_{per.TrimEnd('s')}" : top;
        }
        return unit switch
        {
            "" or ['{', .., '}'] => "",
            "1" => isGauge ? "ratio" : "",
            "%" => "percent",
            "d" => "days",
            "h" => "hours",
            "min" => "minutes",
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "By" => "bytes",
            "KiBy" => "kibibytes",
            "MiBy" => "mebibytes",
            "USD" => "usd",
            _ => Sanitize(unit).Trim('_'),
        };
    }
}

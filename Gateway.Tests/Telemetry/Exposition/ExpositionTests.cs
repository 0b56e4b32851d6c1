using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Gateway.Telemetry.Exposition;
using Gateway.Tests.Support;
using OpenTelemetry.Metrics;

namespace Gateway.Tests.Telemetry.Exposition;

/// <summary>The text, line by line.</summary>
public sealed class ExpositionTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Meter _meter = new("exposition-" + Guid.NewGuid());
    private readonly Meter _second = new("exposition-second-" + Guid.NewGuid());
    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;

    public ExpositionTests() =>
        _provider = OpenTelemetry
            .Sdk.CreateMeterProviderBuilder()
            .AddMeter(_meter.Name, _second.Name)
            .AddView("latency", new ExplicitBucketHistogramConfiguration { Boundaries = [0.5, 1] })
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddReader(new BaseExportingMetricReader(_exporter))
            .Build();

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void A_counter_ends_with_total_and_shows_its_labels()
    {
        _meter.CreateCounter<long>("calls", "{call}", "Calls.").Add(3, new KeyValuePair<string, object?>("model", "a"));
        Assert.Equal("# TYPE calls_total counter\n# HELP calls_total Calls.\ncalls_total{model=\"a\"} 3\n", Text());
    }

    [Fact]
    public void A_unit_stands_at_the_end_of_the_name_once()
    {
        _meter.CreateCounter<double>("cost", "USD").Add(0.25);
        _meter.CreateObservableGauge("wait_seconds", () => 1.5, "s");
        Assert.Equal("# TYPE cost_usd_total counter\ncost_usd_total 0.25\n# TYPE wait_seconds gauge\nwait_seconds 1.5\n", Text());
    }

    [Fact]
    public void A_gauge_may_be_any_float()
    {
        _meter.CreateObservableGauge(
            "g",
            () =>
                new Measurement<double>[]
                {
                    new(double.PositiveInfinity, new KeyValuePair<string, object?>("n", 1)),
                    new(double.NegativeInfinity, new KeyValuePair<string, object?>("n", 2)),
                    new(double.NaN, new KeyValuePair<string, object?>("n", 3)),
                    new(-1e-9, new KeyValuePair<string, object?>("n", 4)),
                }
        );
        Assert.Equal("# TYPE g gauge\ng{n=\"1\"} +Inf\ng{n=\"2\"} -Inf\ng{n=\"3\"} NaN\ng{n=\"4\"} -1E-09\n", Text());
    }

    [Fact]
    public void A_histograms_buckets_add_up()
    {
        var latency = _meter.CreateHistogram<double>("latency", "s");
        latency.Record(0.25);
        latency.Record(0.75);
        latency.Record(4);
        Assert.Equal(
            """
            # TYPE latency_seconds histogram
            latency_seconds_bucket{le="0.5"} 1
            latency_seconds_bucket{le="1"} 2
            latency_seconds_bucket{le="+Inf"} 3
            latency_seconds_sum 5
            latency_seconds_count 3

            """.ReplaceLineEndings("\n"),
            Text()
        );
    }

    [Fact]
    public void Label_values_and_help_are_escaped()
    {
        _meter
            .CreateCounter<long>("calls", description: "A \"b\" \\ c\nd")
            .Add(1, new KeyValuePair<string, object?>("x", "quote \" slash \\ line\n end é"));
        Assert.Equal(
            "# TYPE calls_total counter\n# HELP calls_total A \"b\" \\\\ c\\nd\ncalls_total{x=\"quote \\\" slash \\\\ line\\n end é\"} 1\n",
            Text()
        );
    }

    [Fact]
    public void Names_have_only_letters_digits_and_underscores()
    {
        _meter
            .CreateCounter<long>("gen_ai.client-calls/x", "{call}")
            .Add(1, new KeyValuePair<string, object?>("gen_ai.request.model", true));
        Assert.Contains("gen_ai_client_calls_x_total{gen_ai_request_model=\"true\"} 1", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void OpenMetrics_has_units_created_stamps_and_an_end()
    {
        _meter.CreateCounter<double>("cost", "USD", "Money \"charged\".").Add(0.5);
        _meter.CreateHistogram<double>("latency", "s").Record(0.75);
        var lines = Text(ExpositionFormat.OpenMetrics).Split('\n');
        Assert.Equal(
            "# TYPE cost_usd counter|# UNIT cost_usd usd|# HELP cost_usd Money \\\"charged\\\".|cost_usd_total 0.5",
            string.Join('|', lines[..4])
        );
        Assert.Matches(@"^cost_usd_created \d{10}\.\d{3}$", lines[4]);
        Assert.Contains("latency_seconds_bucket{le=\"1.0\"} 1", lines);
        Assert.Contains(lines, line => line.StartsWith("latency_seconds_created ", StringComparison.Ordinal));
        Assert.Equal(["# EOF", ""], lines[^2..]);
    }

    [Fact]
    public void An_exemplar_carries_the_trace_on_its_own_bucket_only()
    {
        var latency = _meter.CreateHistogram<double>("latency", "s");
        using var span = new Activity("call") { ActivityTraceFlags = ActivityTraceFlags.Recorded }
            .SetIdFormat(ActivityIdFormat.W3C)
            .Start();
        latency.Record(0.75);
        var lines = Text(ExpositionFormat.OpenMetrics).Split('\n').Where(l => l.Contains(" # {", StringComparison.Ordinal)).ToList();
        Assert.Matches(
            $@"^latency_seconds_bucket{{le=""1\.0""}} 1 # {{trace_id=""{span.TraceId}"",span_id=""{span.SpanId}""}} 0\.75 \d{{10}}\.\d{{3}}$",
            Assert.Single(lines)
        );
    }

    [Fact]
    public void Prometheus_text_has_no_exemplars()
    {
        var calls = _meter.CreateCounter<long>("calls");
        using var span = new Activity("call") { ActivityTraceFlags = ActivityTraceFlags.Recorded }
            .SetIdFormat(ActivityIdFormat.W3C)
            .Start();
        calls.Add(1);
        Assert.DoesNotContain(" # ", Text(), StringComparison.Ordinal);
        Assert.Contains($"calls_total 1 # {{trace_id=\"{span.TraceId}\"", Text(ExpositionFormat.OpenMetrics), StringComparison.Ordinal);
    }

    [Fact]
    public void A_family_of_two_meters_stands_together_and_tells_them_apart()
    {
        _meter.CreateCounter<long>("shared").Add(1);
        _meter.CreateCounter<long>("zebra").Add(1);
        _second.CreateCounter<long>("shared").Add(2);
        Assert.Equal(
            $"# TYPE shared_total counter\nshared_total{{otel_scope_name=\"{_meter.Name}\"}} "
                + $"1\nshared_total{{otel_scope_name=\"{_second.Name}\"}} 2\n# TYPE zebra_total counter\nzebra_total 1\n",
            Text()
        );
    }

    [Fact]
    public void An_instrument_that_contradicts_anothers_type_is_left_out()
    {
        _meter.CreateUpDownCounter<long>("x").Add(1);
        _second.CreateHistogram<double>("x").Record(1);
        Assert.Equal("# TYPE x gauge\nx 1\n", Text());
    }

    [Fact]
    public async Task Promtool_reads_it_without_a_complaint()
    {
        _meter.CreateCounter<double>("cost", "USD", "Money.").Add(0.5, new KeyValuePair<string, object?>("x", "\\ \" \n"));
        _meter.CreateHistogram<double>("latency", "s", "Time.").Record(0.75);
        _meter.CreateObservableGauge("level", () => double.NaN, description: "A level.");
        Assert.Equal("", await PrometheusTools.CheckMetricsAsync(Text()));
    }

    private string Text(ExpositionFormat format = ExpositionFormat.PrometheusText) =>
        Encoding.UTF8.GetString(_exporter.Render(format, Limit)!.Value.Span);
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Gateway.Telemetry;
using Gateway.Tests.Support;
using OpenTelemetry.Metrics;

namespace Gateway.Tests.Telemetry;

/// <summary>docs/metrics.md and the process say the same.</summary>
public sealed partial class MetricsTableTests
{
    private static readonly string[] SampleEndings = ["_bucket", "_sum", "_count"];

    [Fact]
    public async Task The_table_lists_exactly_the_instruments_of_the_process()
    {
        await using var hub = await HubHost.StartAsync();
        // The client's instruments come with its first use
        using var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var host = hub.Services.GetRequiredService<IMeterFactory>();
        var families = new ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (
                    MetricViews.Meters.Contains(instrument.Meter.Name)
                    && MetricViews.Choose(instrument, host) is var view
                    && view != MetricStreamConfiguration.Drop
                )
                {
                    families.Add(NameAndType(view.Name ?? instrument.Name, instrument));
                }
            },
        };
        listener.Start();
        Assert.Equal(Table().Select(row => $"{row.Name} {row.Type}").Order(), families.Distinct().Order());
    }

    [Fact]
    public async Task Samples_have_only_the_labels_of_the_table()
    {
        await using var hub = await HubHost.StartAsync();
        await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        await hub.Client.ChatAsync(InferenceCalls.Stream("sandbox-drop-mid-stream"));
        await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-status-500"));
        await hub.Client.ChatAsync(InferenceCalls.Chat("unknown"));
        using var lost = await hub.Anonymous.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, lost.StatusCode);
        var scrape = await MetricsText.ScrapeAsync(hub);
        var table = Table().ToDictionary(row => row.Name, row => row.Labels);
        foreach (var sample in scrape.Samples)
        {
            var family = table.ContainsKey(sample.Name)
                ? sample.Name
                : SampleEndings.Where(sample.Name.EndsWith).Select(e => sample.Name[..^e.Length]).Single();
            var unknown = sample.Labels.Keys.Except(table[family]).Except(["le"]);
            Assert.True(!unknown.Any(), $"{sample.Name} has {string.Join(", ", unknown)}.");
        }
    }

    [Fact]
    public async Task Every_family_has_a_help_and_promtool_finds_nothing()
    {
        await using var hub = await HubHost.StartAsync();
        await hub.Client.ChatAsync(InferenceCalls.Stream("gpt-4o-mini"));
        await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-no-usage"));
        var scrape = await MetricsText.ScrapeAsync(hub);
        Assert.All(scrape.Types.Keys, family => Assert.Contains($"# HELP {family} ", scrape.Text, StringComparison.Ordinal));
        Assert.Equal("", await PrometheusTools.CheckMetricsAsync(scrape.Text));
    }

    // OpenTelemetry's rules for Prometheus, as far as these instruments need them.
    private static string NameAndType(string name, Instrument instrument)
    {
        var type = instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" or "ObservableCounter" => "counter",
            "Histogram" => "histogram",
            _ => "gauge",
        };
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "usd" => "_usd",
            null or ['{', .., '}'] => "",
            var other => throw new NotSupportedException($"{instrument.Name} has the unit {other}, which this test does not know."),
        };
        var family = name.Replace('.', '_');
        return family + (family.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (type == "counter" ? "_total " : " ") + type;
    }

    private static List<(string Name, string Type, string[] Labels)> Table() =>
        [
            .. File.ReadLines(Path.Combine(Repository.Root, "docs", "metrics.md"))
                .Select(line => Row().Match(line))
                .Where(m => m.Success)
                .Select(m =>
                    (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value.Split([' ', '`'], StringSplitOptions.RemoveEmptyEntries))
                ),
        ];

    [GeneratedRegex(@"^\| `(\w+)` \| (\w+) \| [^|]* \| ?([^|]*?) ?\|")]
    private static partial Regex Row();
}

using System.Globalization;
using Gateway.Benchmarks.Load.Processes;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// <c>load observe</c>: what watching costs a call. Three gateways, alike but for what they tell, are measured in turn: one that tells nothing, one with metrics, one that
/// also sends a hundredth of its calls as traces. Each is scraped every second, fifteen times as often as Prometheus does by default.
/// </summary>
internal sealed class ObserveRun(LoadPlan plan, LoadMeter meter, IReadOnlyList<(string Name, ChildProcess Gateway)> gateways)
{
    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(1);

    /// <summary>The environment variables of each gateway.</summary>
    /// <param name="collector">Where traces go.</param>
    public static IReadOnlyList<(string Name, Dictionary<string, string> Environment)> Variants(string collector) =>
    [
        ("nothing", new() { ["OTEL_SDK_DISABLED"] = "true" }),
        ("metrics", []),
        ("metrics, and traces of 1 %", new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["TRACE_SAMPLE_RATIO"] = "0.01" }),
    ];

    public async Task RunAsync(TextWriter output)
    {
        await meter.WarmUpAsync([.. gateways.Select(g => g.Gateway)]);
        foreach (var scenario in new[] { Scenario.Plain, Scenario.BurstStream })
        {
            await meter.SetPauseAsync(scenario.PauseMilliseconds);
            var samples = gateways.Select(_ => new List<Sample>()).ToList();
            for (var round = 0; round < plan.Rounds; round++)
            {
                for (var turn = 0; turn < gateways.Count; turn++)
                {
                    var i = (round + turn) % gateways.Count;   // none is always the first or the last
                    samples[i].Add(await MeasureAsync(gateways[i].Gateway, scenario));
                }
            }
            Write(output, scenario, samples);
        }
    }

    private async Task<Sample> MeasureAsync(ChildProcess gateway, Scenario scenario)
    {
        using var stop = new CancellationTokenSource();
        var scraping = ScrapeAsync(gateway, stop.Token);
        var sample = await meter.MeasureAsync(gateway, scenario);
        await stop.CancelAsync();
        await scraping;
        return sample;
    }

    private static async Task ScrapeAsync(ChildProcess gateway, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.Port}") };
        try
        {
            for (; ; await Task.Delay(ScrapeInterval, cancellationToken))
            {
                using var answer = await client.GetAsync("/metrics", cancellationToken);   // empty where nothing is told
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private void Write(TextWriter output, Scenario scenario, IReadOnlyList<List<Sample>> samples)
    {
        Line(output, $"");
        Line(output, $"| {scenario.Name} | CPU per call, µs | against nothing | over the rounds | allocated per call, bytes |");
        Line(output, $"| --- | ---: | ---: | ---: | ---: |");
        for (var i = 0; i < gateways.Count; i++)
        {
            var ratios = samples[0].Zip(samples[i], (nothing, some) => some.CpuMicroseconds / nothing.CpuMicroseconds).ToList();
            Line(output, $"| {gateways[i].Name} | {LoadReport.Median(samples[i], s => s.CpuMicroseconds):F1} | {LoadReport.Median(ratios):F3} x | {ratios.Min():F2} to {ratios.Max():F2} | {LoadReport.Median(samples[i], s => s.AllocatedBytes):F0} |");
        }
    }

    private static void Line(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}

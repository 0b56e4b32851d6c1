using Gateway.Benchmarks.Load.Processes;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// Gateways that are alike but for one thing, measured in turn, so that what that thing costs a call can be told from the noise. Each is
/// scraped every second, fifteen times as often as Prometheus does by default.
/// </summary>
/// <param name="plan">How long and how often.</param>
/// <param name="meter">Puts load on them.</param>
/// <param name="variants">The first is what the others are compared with.</param>
internal sealed class VariantRun(LoadPlan plan, LoadMeter meter, IReadOnlyList<(string Name, ChildProcess Gateway)> variants)
{
    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(TextWriter output)
    {
        await meter.WarmUpAsync([.. variants.Select(g => g.Gateway)]);
        var saturation = await CompareAsync(output, Scenario.Plain);
        await CompareAsync(output, Scenario.BurstStream);
        await CompareAsync(output, Scenario.PlainAt(saturation / 2));
    }

    // What the first does a second.
    private async Task<double> CompareAsync(TextWriter output, Scenario scenario)
    {
        await meter.SetPauseAsync(scenario.PauseMilliseconds);
        var samples = variants.Select(_ => new List<Sample>()).ToList();
        for (var round = 0; round < plan.Rounds; round++)
        {
            for (var turn = 0; turn < variants.Count; turn++)
            {
                var i = (round + turn) % variants.Count; // none is always the first or the last
                samples[i].Add(await MeasureAsync(variants[i].Gateway, scenario));
            }
        }
        Write(output, scenario, samples);
        return LoadReport.Median(samples[0], s => s.CallsPerSecond);
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
                using var answer = await client.GetAsync("/metrics", cancellationToken); // empty where nothing is told
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    private void Write(TextWriter output, Scenario scenario, IReadOnlyList<List<Sample>> samples)
    {
        Line(output, "");
        Line(output, $"### {scenario.Name}");
        Line(output, "");
        Line(
            output,
            $"| | CPU per call, µs | against the first | over the rounds | allocated, bytes | calls per second | p50, µs | p99, µs |"
        );
        Line(output, $"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (var i = 0; i < variants.Count; i++)
        {
            var ratios = samples[0].Zip(samples[i], (first, other) => other.CpuMicroseconds / first.CpuMicroseconds).ToList();
            Line(
                output,
                $"| {variants[i].Name} | {Of(s => s.CpuMicroseconds):F1} | {LoadReport.Median(ratios):F2} x | {ratios.Min():F2} to "
                    + $"{ratios.Max():F2} | {Of(s => s.AllocatedBytes):F0} | {Of(s => s.CallsPerSecond):F0} | "
                    + $"{Of(s => s.MedianMicroseconds):F0} | "
                    + $"{Of(s => s.P99Microseconds):F0} |"
            );

            double Of(Func<Sample, double> figure) => LoadReport.Median(samples[i], figure);
        }
    }

    private static void Line(TextWriter output, string line) => output.WriteLine(line);
}

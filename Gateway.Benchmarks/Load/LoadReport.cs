using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// The figures as Markdown. Of rounds the median; of ratios the median of each round's own, because both halves of a round meet the same
/// noise.
/// </summary>
internal sealed class LoadReport(LoadPlan plan, string logLevel)
{
    private const double Kilobyte = 1024;

    private readonly List<Comparison> _comparisons = [];
    private readonly List<OpenStreamCost> _streams = [];
    private LedgerCheck? _ledger;

    public void Add(Comparison comparison) => _comparisons.Add(comparison);

    public void Add(IReadOnlyList<OpenStreamCost> streams) => _streams.AddRange(streams);

    public void Add(LedgerCheck ledger) => _ledger = ledger;

    public static double Median(IEnumerable<Sample> samples, Func<Sample, double> of) => Median(samples.Select(of));

    public void Write(TextWriter output)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Kilobyte / Kilobyte / Kilobyte;
        Line(
            output,
            $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {memory:F0} GB, "
                + $"{RuntimeInformation.OSArchitecture}, .NET {Environment.Version}; {plan.Rounds} rounds of {plan.Milliseconds} ms; "
                + $"the gateway logs from {logLevel}."
        );
        foreach (var comparison in _comparisons)
        {
            Write(output, comparison);
        }
        WriteStreams(output);
        Line(output, "");
        Line(
            output,
            $"Ledger: {_ledger!.Answered} calls answered, {_ledger.Recorded} recorded, {_ledger.TotalCostNanoUsd / 1e9:F6} USD charged."
        );
    }

    private static void Write(TextWriter output, Comparison comparison)
    {
        Line(output, "");
        Line(output, $"### {comparison.Scenario.Name}");
        Line(output, "");
        Line(output, $"| | bare YARP | gateway | gateway against YARP | over the rounds |");
        Line(output, $"| --- | ---: | ---: | ---: | ---: |");
        Row(output, "CPU per call, µs", comparison, s => s.CpuMicroseconds, isRatio: true);
        Row(output, "allocated per call, bytes", comparison, s => s.AllocatedBytes, isRatio: false);
        Row(output, "calls per second", comparison, s => s.CallsPerSecond, isRatio: true);
        Row(output, "latency p50, µs", comparison, s => s.MedianMicroseconds, isRatio: false);
        Row(output, "latency p99, µs", comparison, s => s.P99Microseconds, isRatio: false);
    }

    private static void Row(TextWriter output, string name, Comparison comparison, Func<Sample, double> of, bool isRatio)
    {
        var pairs = comparison
            .Yarp.Zip(comparison.Gateway, (yarp, gateway) => isRatio ? of(gateway) / of(yarp) : of(gateway) - of(yarp))
            .ToList();
        Line(
            output,
            isRatio
                ? (
                    $"| {name} | {Median(comparison.Yarp, of):F0} | {Median(comparison.Gateway, of):F0} | {Median(pairs):F2} x | "
                    + $"{pairs.Min():F2} to {pairs.Max():F2} |"
                )
                : (
                    $"| {name} | {Median(comparison.Yarp, of):F0} | {Median(comparison.Gateway, of):F0} | {Median(pairs):+0;-0} | "
                    + $"{pairs.Min():+0;-0} to {pairs.Max():+0;-0} |"
                )
        );
    }

    private void WriteStreams(TextWriter output)
    {
        Line(output, "");
        Line(output, $"### {plan.OpenStreams} open streams, KB per stream, after a collection");
        Line(output, "");
        Line(output, $"| | managed heap | working set |");
        Line(output, $"| --- | ---: | ---: |");
        foreach (var target in _streams)
        {
            Line(output, $"| {target.Target} | {target.HeapBytes / Kilobyte:F1} | {target.WorkingSetBytes / Kilobyte:F1} |");
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        var middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }

    private static void Line(TextWriter output, string line) => output.WriteLine(line);
}

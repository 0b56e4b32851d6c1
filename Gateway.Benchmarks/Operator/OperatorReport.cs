using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Benchmarks.Load;

namespace Gateway.Benchmarks.Operator;

/// <summary>Writes tables in Markdown as they are measured, and keeps the figures that are compared with the accepted ones.</summary>
internal sealed class OperatorReport(TextWriter output)
{
    // What is to be reached, then.
    private static readonly (string Figure, string What, string Unit, double Reach, double Then)[] Goals =
    [
        ("plain.cpu", "CPU per plain call, warm, against YARP", "x", 1.5, 1.15),
        ("cold.cpu", "the same in the first 10 s after ready, against warm", "x", 1.3, 1.1),
        ("log.cpu", "call log on against off, CPU a call", "µs", 3, 3),
        ("paced.cpu", "stream of 200 chunks, paced, against YARP", "x", 1.05, 1.0),
        ("burst.cpu", "stream of 200 chunks at once, against YARP", "x", 1.5, 1.2),
        ("half.p50", "added at half load, p50", "µs", 200, 100),
        ("half.p99", "added at half load, p99", "µs", 2_000, 1_000),
        ("plain.bytes", "allocated per plain call over YARP", "bytes", 4_096, 2_048),
        ("start.existing", "start to first answered call, existing database", "s", 1.0, 0.6),
        ("start.empty", "start to first answered call, empty folder", "s", 1.3, 0.9),
        ("memory.idle", "memory, idle", "MB", 110, 110),
        ("memory.load", "memory, under load", "MB", 180, 180),
    ];

    private readonly SortedDictionary<string, Figure> _figures = new(StringComparer.Ordinal);
    private readonly string _head = Machine();

    public void Keep(string name, Figure figure) => _figures[name] = figure;

    public AcceptedFigures Figures() => new(_head, _figures);

    public void Title(string text)
    {
        output.WriteLine();
        output.WriteLine($"### {text}");
        output.WriteLine();
    }

    public void Columns(params string[] names)
    {
        Row(names);
        Row([.. names.Select((_, i) => i == 0 ? "---" : "---:")]);
    }

    public void Row(params string[] cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    public void Note(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
    }

    /// <summary>One kind of load on all servers, the first of which is what the gateway is compared with.</summary>
    public void Compare(string key, Scenario scenario, IReadOnlyList<LoadTarget> targets, IReadOnlyList<IReadOnlyList<Sample>> samples)
    {
        Title(scenario.Name);
        Columns(["", .. targets.Select(t => t.Name), $"gateway against {targets[0].Name}", "over the rounds"]);
        Line("CPU per call, µs", s => s.CpuMicroseconds, "cpu", isRatio: true);
        Line("allocated per call, bytes", s => s.AllocatedBytes, "bytes", isRatio: false);
        Line("calls per second", s => s.CallsPerSecond, "", isRatio: true);
        Line("p50, µs", s => s.MedianMicroseconds, "p50", isRatio: false);
        Line("p99, µs", s => s.P99Microseconds, "p99", isRatio: false);

        void Line(string name, Func<Sample, double> of, string figure, bool isRatio)
        {
            var gateway = targets.Index().First(t => t.Item.Name == "gateway").Index;
            var against = samples[0].Zip(samples[gateway], (y, g) => isRatio ? of(g) / of(y) : of(g) - of(y)).ToList();
            var compared = Figure.Of(against);
            if (figure.Length > 0)
            {
                Keep($"{key}.{figure}", compared);
            }
            Row([
                name,
                .. samples.Select(s => Text(LoadReport.Median(s, of), 0)),
                isRatio ? $"{Text(compared.Value, 2)} x" : Signed(compared.Value),
                isRatio ? $"{Text(compared.Low, 2)} to {Text(compared.High, 2)}" : $"{Signed(compared.Low)} to {Signed(compared.High)}",
            ]);
        }
    }

    /// <summary>The table of what is to be reached.</summary>
    public void WriteGoals()
    {
        Title(_head);
        Columns("", "measured", "over the rounds", "reach", "then");
        foreach (var (name, what, unit, reach, then) in Goals)
        {
            if (_figures.TryGetValue(name, out var figure))
            {
                var digits = unit is "x" or "s" ? 2 : 0;
                Row(
                    what,
                    $"{Text(figure.Value, digits)} {unit}",
                    $"{Text(figure.Low, digits)} to {Text(figure.High, digits)}",
                    Text(reach, digits),
                    Text(then, digits)
                );
            }
        }
    }

    public static string Text(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0;-0;0", CultureInfo.InvariantCulture);

    private static string Machine() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}, "
                + $".NET {Environment.Version}, load average before {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"
        );
}

using System.Globalization;

namespace Gateway.Benchmarks.Scale;

/// <summary>What a call took, in milliseconds, sorted; CPU time is of the whole process, client and SQLite included, per call.</summary>
internal sealed record ListResult(
    ListCall Call,
    int Status,
    long Total,
    List<double> Times,
    double CpuMs,
    IReadOnlyList<SentCommand> Commands
)
{
    public double P95 => P95Of(Times);

    public static double P95Of(List<double> sorted) => sorted[(int)Math.Ceiling(sorted.Count * 0.95) - 1];

    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Call.Caller}: `{Call.Path}`, {Total:N0} in all");
}

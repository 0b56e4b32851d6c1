namespace Gateway.Benchmarks.Operator;

/// <summary>What was measured several times. Of every figure less is better.</summary>
/// <param name="Value">The median.</param>
/// <param name="Low">The least of the rounds.</param>
/// <param name="High">The most of them.</param>
internal sealed record Figure(double Value, double Low, double High)
{
    /// <summary>The figure of some measurements.</summary>
    public static Figure Of(IReadOnlyList<double> values) => new(Load.LoadReport.Median(values), values.Min(), values.Max());

    /// <summary>How far it lies above an accepted one beyond the noise of both; zero or less when it does not.</summary>
    public double WorseBy(Figure accepted) => Value - accepted.Value - Math.Max(High - Low, accepted.High - accepted.Low) / 2;
}

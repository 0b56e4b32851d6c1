using System.Diagnostics;

namespace Gateway.Benchmarks.Load.Client;

/// <summary>How long the calls of one connection took.</summary>
internal sealed class CallTimes
{
    private readonly List<long> _ticks = [];
    private int _failures;

    /// <summary>Adds a call that ends now.</summary>
    public void Add(int status, long begin)
    {
        if (status != StatusCodes.Status200OK)
        {
            _failures++;
            return;
        }
        _ticks.Add(Stopwatch.GetTimestamp() - begin);
    }

    public static LoadResult Sum(IReadOnlyList<CallTimes> all, double seconds)
    {
        var ticks = all.SelectMany(t => t._ticks).Order().ToArray();
        return new LoadResult(ticks.Length, all.Sum(t => t._failures), seconds, Percentile(ticks, 0.5), Percentile(ticks, 0.99));
    }

    private static double Percentile(long[] ordered, double part) =>
        ordered.Length == 0
            ? 0
            : ordered[(int)Math.Min(ordered.Length - 1, Math.Ceiling(ordered.Length * part))] * 1e6 / Stopwatch.Frequency;
}

namespace Gateway.Benchmarks.Load.Client;

/// <summary>What came of it.</summary>
/// <param name="Calls">Calls answered with 200.</param>
/// <param name="Failures">Calls answered otherwise.</param>
/// <param name="Seconds">From the first call's begin to the last one's end.</param>
/// <param name="MedianMicroseconds">Half of the calls took at most this.</param>
/// <param name="P99Microseconds">99 of 100 calls took at most this.</param>
internal sealed record LoadResult(int Calls, int Failures, double Seconds, double MedianMicroseconds, double P99Microseconds)
{
    public double CallsPerSecond => Calls / Seconds;
}

namespace Gateway.Benchmarks.Load;

/// <summary>One measurement of one target.</summary>
internal sealed record Sample(
    double CpuMicroseconds,
    double AllocatedBytes,
    double CallsPerSecond,
    double MedianMicroseconds,
    double P99Microseconds,
    long Calls
);

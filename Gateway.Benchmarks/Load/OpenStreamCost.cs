namespace Gateway.Benchmarks.Load;

/// <summary>What open streams cost, per stream, in bytes.</summary>
internal sealed record OpenStreamCost(string Target, int Streams, double HeapBytes, double WorkingSetBytes);

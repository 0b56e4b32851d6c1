namespace Gateway.Benchmarks.Load.Servers;

/// <summary>How many requests with traces came.</summary>
internal sealed record TraceCount(long Requests);

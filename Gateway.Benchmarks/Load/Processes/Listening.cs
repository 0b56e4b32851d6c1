namespace Gateway.Benchmarks.Load.Processes;

/// <summary>The first line of a child.</summary>
internal sealed record Listening(int Port);

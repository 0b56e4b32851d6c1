namespace Gateway.Benchmarks.Load;

/// <summary>Both targets under one load, round by round.</summary>
internal sealed record Comparison(Scenario Scenario, IReadOnlyList<Sample> Yarp, IReadOnlyList<Sample> Gateway);

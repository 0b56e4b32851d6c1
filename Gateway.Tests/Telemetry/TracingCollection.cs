namespace Gateway.Tests.Telemetry;

/// <summary>
/// Activity sources belong to the process: hosts in it that trace hear, and sample, each other's spans. These tests run alone.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TracingCollection
{
    public const string Name = "tracing";
}

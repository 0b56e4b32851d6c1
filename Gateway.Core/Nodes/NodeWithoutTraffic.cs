namespace Gateway.Core.Nodes;

/// <summary>A process that only manages.</summary>
public sealed class NodeWithoutTraffic : INodeMonitor
{
    /// <inheritdoc />
    public NodeStanding Read() => NodeStanding.WithoutTraffic;

    /// <inheritdoc />
    public IReadOnlyList<CallInFlight> CallsInFlight() => [];
}

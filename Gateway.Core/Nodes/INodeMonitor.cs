namespace Gateway.Core.Nodes;

/// <summary>What the process itself does at this moment; nothing of it is in the database.</summary>
public interface INodeMonitor
{
    /// <summary>How the process stands.</summary>
    NodeStanding Read();

    /// <summary>The calls that have taken what they need and have not ended, the oldest first.</summary>
    IReadOnlyList<CallInFlight> CallsInFlight();
}

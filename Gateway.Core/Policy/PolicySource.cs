namespace Gateway.Core.Policy;

/// <summary>Holds the policy in force. A request takes one reference and keeps it to its end.</summary>
public sealed class PolicySource
{
    private PolicySnapshot _current = PolicySnapshot.Empty;

    /// <summary>The policy in force.</summary>
    public PolicySnapshot Current => Volatile.Read(ref _current);

    /// <summary>Puts a snapshot in force: the next request sees it.</summary>
    public void Publish(PolicySnapshot next) => Volatile.Write(ref _current, next);
}

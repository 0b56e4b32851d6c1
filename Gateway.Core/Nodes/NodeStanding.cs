using Gateway.Core.Pricing;

namespace Gateway.Core.Nodes;

/// <summary>How a process stands.</summary>
/// <param name="ServesTraffic">Whether it serves <c>/v1</c>.</param>
/// <param name="PaysFromBudgets">Whether it has the lock of the one node that may pay from budgets.</param>
/// <param name="CallsInFlight">Calls that have not ended.</param>
/// <param name="OpenHolds">Budgets and balances that these calls are paid from, counted once for each call.</param>
/// <param name="Held">What they hold, summed over all of those.</param>
/// <param name="UnwrittenCalls">Ended calls that are not in the database yet.</param>
/// <param name="OldestUnwrittenAt">When the oldest of those came, UTC; null: all are written.</param>
public sealed record NodeStanding(
    bool ServesTraffic,
    bool PaysFromBudgets,
    int CallsInFlight,
    int OpenHolds,
    Money Held,
    int UnwrittenCalls,
    DateTime? OldestUnwrittenAt
)
{
    /// <summary>Of a process that only manages.</summary>
    public static NodeStanding WithoutTraffic { get; } = new(false, false, 0, 0, Money.Zero, 0, null);
}

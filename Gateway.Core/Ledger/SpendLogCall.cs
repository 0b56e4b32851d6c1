using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Core.Ledger;

/// <summary>One row of the upstream's spend log. A call that was tried again may have several.</summary>
/// <param name="CallIds">All ids of the call that the row names; among them the one that the gateway sent with it.</param>
/// <param name="RequestId">The upstream's own id of the row.</param>
/// <param name="Model">What was asked for.</param>
/// <param name="Spend">What the upstream says it cost.</param>
/// <param name="Usage">The tokens, or null when the row has none.</param>
/// <param name="StartedAt">When it began, UTC.</param>
public sealed record SpendLogCall(
    IReadOnlyList<string> CallIds,
    string RequestId,
    string Model,
    Money Spend,
    ReportedUsage? Usage,
    DateTime StartedAt
);

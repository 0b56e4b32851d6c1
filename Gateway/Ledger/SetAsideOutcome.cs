using Gateway.Core.Ledger;

namespace Gateway.Ledger;

/// <summary>What a retry of the calls that were set aside did.</summary>
/// <param name="Written">Calls that are in the ledger now.</param>
/// <param name="Left">Calls that the database still does not take.</param>
/// <param name="SetAside">The first of these.</param>
internal sealed record SetAsideOutcome(long Written, long Left, IReadOnlyList<SetAsideCall> SetAside);

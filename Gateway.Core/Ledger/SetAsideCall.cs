namespace Gateway.Core.Ledger;

/// <summary>An ended call that the database does not take as a row of the ledger.</summary>
/// <param name="Id">The call's id.</param>
/// <param name="Fault">Why, in the database's words.</param>
/// <param name="SetAsideAt">Since when it is set aside, UTC.</param>
public sealed record SetAsideCall(string Id, string Fault, DateTime SetAsideAt);

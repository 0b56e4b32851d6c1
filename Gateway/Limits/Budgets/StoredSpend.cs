namespace Gateway.Limits.Budgets;

/// <summary>What the database has as spent in a window of a budget.</summary>
/// <param name="NanoUsd">The sum, nano-dollars.</param>
/// <param name="Revision">The database's revision at which it was read: exactly the imports of revisions up to this are in it.</param>
internal readonly record struct StoredSpend(long NanoUsd, long Revision);

namespace Gateway.Admin.Imports;

/// <summary>Rows that are not taken over, and why.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Rows">How many.</param>
/// <param name="Examples">The ids of some.</param>
public sealed record LeftOut(string Reason, long Rows, IReadOnlyList<string> Examples);

namespace Gateway.Core.Journal;

/// <summary>One account that money is held in.</summary>
/// <param name="Scope">What the account counts over.</param>
/// <param name="Id">The budget, or for a balance the user.</param>
/// <param name="SubjectId">The user, for a budget of a tier; the end user, for one of end users; else empty.</param>
/// <param name="Period">The window's kind as it was given (<c>daily</c>, <c>30d</c>, <c>never</c>); empty for a balance.</param>
/// <param name="WindowStart">The window's start, UTC; the default for a balance.</param>
public readonly record struct HeldAccount(HeldScope Scope, string Id, string SubjectId, string Period, DateTime WindowStart);

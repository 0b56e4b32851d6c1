namespace Gateway.Core.Storage.Entities;

/// <summary>A window of a budget that a call is booked in.</summary>
/// <param name="BudgetId">The budget.</param>
/// <param name="SubjectId">The user, for a budget of a tier; the end user, for one of end users; else empty.</param>
/// <param name="WindowStart">The window's start, UTC.</param>
public readonly record struct BudgetCharge(string BudgetId, string SubjectId, DateTime WindowStart);

namespace Gateway.Core.Nodes;

/// <summary>Something that money is held in for a call.</summary>
/// <param name="Scope"><c>api_key</c>, <c>user</c>, <c>team</c>, <c>tier</c> or <c>balance</c>.</param>
/// <param name="BudgetId">The budget; null: the default budget of every user, or the balance.</param>
/// <param name="IsEnforced">Whether it may refuse calls.</param>
public sealed record CallHolding(string Scope, string? BudgetId, bool IsEnforced);

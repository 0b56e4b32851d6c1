namespace Gateway.Tests.Support;

internal sealed record BudgetSeen(string Scope, string Window, long Limit, long Used, long Held, long Remaining);

namespace Gateway.Admin.Accounts;

/// <summary>What a user spent.</summary>
internal sealed record UserSpendingResponse(string UserId, decimal TotalSpent, DateTime UpdatedAt);

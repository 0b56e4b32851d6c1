namespace Gateway.Admin.Accounts;

/// <summary>The limits of a user.</summary>
internal sealed record UserLimitResponse(string UserId, long? MonthlyTokenLimit, decimal Balance);

namespace Gateway.Admin.Accounts;

/// <summary>A user to be made. No username: one is made from the email; no tier: the one for new users.</summary>
internal sealed record NewUser(
    string Email,
    string Password,
    string? Username,
    string? Name,
    string? Phone,
    string Role,
    string? TierId,
    long? MonthlyTokenLimit,
    string? BillingMode
);

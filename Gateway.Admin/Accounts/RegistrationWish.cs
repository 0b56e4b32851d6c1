namespace Gateway.Admin.Accounts;

/// <summary>An account to be registered. No tier: the one for new users; no username: one is made from the email.</summary>
internal sealed record RegistrationWish(
    string Email,
    string Password,
    string? TierId,
    string? TierName,
    string? Username,
    string? Name,
    string? Phone
);

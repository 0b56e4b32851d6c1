using Gateway.Admin.Conventions;

namespace Gateway.Admin.Accounts;

/// <summary>What is to change of a user.</summary>
internal sealed record UserUpdate
{
    public Sent<string> Email { get; init; }

    public Sent<string> Password { get; init; }

    public Sent<string> Username { get; init; }

    public Sent<string?> Name { get; init; }

    public Sent<string?> Phone { get; init; }

    public Sent<string> Role { get; init; }

    public Sent<string> TierId { get; init; }

    public Sent<string?> TeamId { get; init; }

    public Sent<bool> IsActive { get; init; }

    public Sent<bool> IsVerified { get; init; }

    public Sent<long?> MonthlyTokenLimit { get; init; }

    public Sent<string?> BillingMode { get; init; }
}

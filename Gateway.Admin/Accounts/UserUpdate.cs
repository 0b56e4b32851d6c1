using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>What is to change of a user.</summary>
[Example("""{"name":"Bob Ray","is_active":true,"monthly_token_limit":1000000}""")]
internal sealed record UserUpdate : UserDetails, ILimitedRecord
{
    [StringLength(255, MinimumLength = 1), Email]
    public Optional<string> Email
    {
        get;
        init => field = value with { Value = value.Value?.ToLowerInvariant()! };
    }

    [StringLength(128, MinimumLength = 8), DataType(DataType.Password)]
    [Description("A new password ends the user's sessions.")]
    public Optional<string> Password { get; init; }

    [StringLength(36, MinimumLength = 1)]
    public Optional<string> TierId { get; init; }

    [StringLength(64)]
    public Optional<string?> TeamId { get; init; }

    [Description("False ends the user's sessions and calls.")]
    public Optional<bool> IsActive { get; init; }

    public Optional<bool> IsVerified { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.ChangedUser;
}

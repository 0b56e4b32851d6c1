using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>A user to be made. No username: one is made from the email; no tier: the one for new users.</summary>
[Example("""{"email":"bob@example.com","password":"correct horse","name":"Bob","role":"customer"}""")]
internal sealed record NewUser : UserDetails, ILimitedRecord
{
    [StringLength(255, MinimumLength = 1), Email]
    public required string Email
    {
        get;
        init => field = value.ToLowerInvariant();
    }

    [StringLength(128, MinimumLength = 8), DataType(DataType.Password)]
    public required string Password { get; init; }

    [StringLength(36)]
    public string? TierId { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.User;
}

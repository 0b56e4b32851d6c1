using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>Email and password of somebody who signs in.</summary>
[Example("""{"email":"ann@example.com","password":"correct horse"}""")]
internal sealed record Credentials
{
    [StringLength(255, MinimumLength = 1)]
    public required string Email
    {
        get;
        init => field = value.ToLowerInvariant();
    }

    [StringLength(int.MaxValue, MinimumLength = 1), DataType(DataType.Password)]
    public required string Password { get; init; }
}

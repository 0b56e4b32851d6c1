using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Accounts;

/// <summary>The password that was, and the one to be.</summary>
[Example("""{"old_password":"correct horse","new_password":"battery staple"}""")]
internal sealed record PasswordChange
{
    [StringLength(int.MaxValue, MinimumLength = 1), DataType(DataType.Password)]
    public required string OldPassword { get; init; }

    [StringLength(128, MinimumLength = 8), DataType(DataType.Password)]
    public required string NewPassword { get; init; }
}

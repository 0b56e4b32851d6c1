using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Accounts;

namespace Gateway.Admin.Accounts;

/// <summary>What users say of themselves.</summary>
[Example("""{"name":"Ann Lee","phone":"+1 555 0100"}""")]
internal record AccountUpdate
{
    [StringLength(Usernames.Maximum, MinimumLength = Usernames.Minimum)]
    [RegularExpression("[A-Za-z0-9._-]*", ErrorMessage = "must be " + Usernames.Form)]
    [Description("A name to sign with. It is unique, ignoring case.")]
    public Optional<string> Username { get; init; }

    [StringLength(255)]
    public Optional<string?> Name { get; init; }

    [StringLength(20)]
    [Description("Unique.")]
    public Optional<string?> Phone { get; init; }
}

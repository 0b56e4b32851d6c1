using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Teams;

/// <summary>A team to be made.</summary>
[RequiresMembers(nameof(Name))]
[Example("""{"id":"research","name":"Research"}""")]
internal sealed record NewTeam : TeamUpdate
{
    // It stands in paths as it is.
    [StringLength(64, MinimumLength = 1)]
    [RegularExpression(@"(?!\.{1,2}$)[A-Za-z0-9._-]*", ErrorMessage = "must be letters, digits, dots, hyphens and underscores")]
    [Description("Made up when it is not sent.")]
    public Optional<string> Id { get; init; }
}

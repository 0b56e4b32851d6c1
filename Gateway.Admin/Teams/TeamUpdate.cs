using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Teams;

/// <summary>What is to be of a team.</summary>
[Example("""{"description":"Research and development"}""")]
internal record TeamUpdate : ILimitedRecord
{
    [StringLength(255, MinimumLength = 1)]
    public Optional<string> Name { get; init; }

    [StringLength(10_000)]
    public Optional<string?> Description { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.Team;
}

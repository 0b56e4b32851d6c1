using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Usage;

/// <summary>What is asked of the sums of usage.</summary>
internal sealed record UsageQuery : PageQuery
{
    [Description(
        "Any of user, key, model, team, tier, and one of day and hour, separated by commas; day when it is not sent. "
            + "tag or end_user: alone, or with user and day."
    )]
    public string? GroupBy { get; init; }

    [Description("A date or a whole hour (UTC); 29 days ago when it is not sent.")]
    public DateTime? From { get; init; }

    [End]
    [Description("A date, which counts to its end, or the first hour that does not count.")]
    public DateTime? To { get; init; }

    public string? UserId { get; init; }

    public string? ApiKeyId { get; init; }

    public string? ModelId { get; init; }

    public string? TeamId { get; init; }

    public string? TierId { get; init; }

    [StringLength(64, MinimumLength = 1)]
    [Description("Only calls with this tag; goes with user_id alone.")]
    public string? Tag { get; init; }

    [StringLength(64, MinimumLength = 1)]
    [Description("Only calls for this end user; goes with user_id alone.")]
    public string? EndUser { get; init; }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Usage;

/// <summary>Which calls of a user are wanted.</summary>
internal sealed record HistoryQuery : PageQuery
{
    public string? ModelId { get; init; }

    public DateTime? DateFrom { get; init; }

    [End]
    public DateTime? DateTo { get; init; }

    [StringLength(64, MinimumLength = 1)]
    [Description("Only calls with this tag.")]
    public string? Tag { get; init; }

    [StringLength(64, MinimumLength = 1)]
    [Description("Only calls for this end user.")]
    public string? EndUser { get; init; }
}

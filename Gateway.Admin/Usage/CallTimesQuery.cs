using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Usage;

/// <summary>Of which time ledger entries are wanted.</summary>
internal record CallTimesQuery : NumberedPageQuery
{
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

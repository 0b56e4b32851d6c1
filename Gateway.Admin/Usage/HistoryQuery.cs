using Gateway.Admin.Requests;

namespace Gateway.Admin.Usage;

/// <summary>Which calls of a user are wanted.</summary>
internal sealed record HistoryQuery : PageQuery
{
    public string? ModelId { get; init; }

    public DateTime? DateFrom { get; init; }

    [End]
    public DateTime? DateTo { get; init; }
}

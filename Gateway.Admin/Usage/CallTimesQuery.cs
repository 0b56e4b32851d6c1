using Gateway.Admin.Requests;

namespace Gateway.Admin.Usage;

/// <summary>Of which time ledger entries are wanted.</summary>
internal record CallTimesQuery : NumberedPageQuery
{
    public DateTime? DateFrom { get; init; }

    [End]
    public DateTime? DateTo { get; init; }
}

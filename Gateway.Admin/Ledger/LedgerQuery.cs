using Gateway.Admin.Requests;

namespace Gateway.Admin.Ledger;

/// <summary>Of which time ledger entries are wanted.</summary>
internal sealed record LedgerQuery
{
    public DateTime? From { get; init; }

    [End]
    public DateTime? To { get; init; }
}

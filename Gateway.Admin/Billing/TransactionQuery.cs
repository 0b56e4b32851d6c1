using Gateway.Admin.Requests;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Billing;

/// <summary>Which of one's own transactions are wanted.</summary>
internal record TransactionQuery : PageQuery
{
    [OneOf(typeof(TransactionTypes))]
    public string? Type { get; init; }

    [OneOf(typeof(TransactionStatuses))]
    public string? Status { get; init; }

    public DateTime? From { get; init; }

    [End]
    public DateTime? To { get; init; }
}

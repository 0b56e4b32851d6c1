using System.Linq.Expressions;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Billing;

/// <summary>
/// A transaction of either kind: a row of what people moved, or a prepaid call of the ledger, which is a usage transaction of its own.
/// </summary>
internal sealed class TransactionView
{
    /// <summary>A row as it is shown; for the database too.</summary>
    public static readonly Expression<Func<TransactionRow, TransactionView>> OfRow = t => new TransactionView
    {
        Id = t.Id,
        UserId = t.UserId,
        Type = t.Type,
        AmountNanoUsd = t.AmountNanoUsd,
        Status = t.Status,
        Description = t.Description,
        BalanceAfterNanoUsd = t.BalanceAfterNanoUsd,
        PaymentProvider = t.PaymentProvider,
        PaymentId = t.PaymentId,
        RequestId = null,
        CreatedAt = t.CreatedAt,
        CompletedAt = t.CompletedAt,
    };

    private static readonly Func<TransactionRow, TransactionView> OfLoadedRow = OfRow.Compile();

    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Type { get; init; }

    public long AmountNanoUsd { get; init; }

    public required string Status { get; init; }

    public string? Description { get; init; }

    public long? BalanceAfterNanoUsd { get; init; }

    public string? PaymentProvider { get; init; }

    public string? PaymentId { get; init; }

    public string? RequestId { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? CompletedAt { get; init; }

    /// <inheritdoc cref="OfRow"/>
    public static TransactionView From(TransactionRow row) => OfLoadedRow(row);
}

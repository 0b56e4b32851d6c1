using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Billing;

/// <summary>
/// A transaction of either kind: a row of what people moved, or a prepaid call of the ledger, which is a usage transaction of its own.
/// </summary>
internal sealed class TransactionView
{
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

    public static TransactionView From(TransactionRow t) =>
        new()
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
            CreatedAt = t.CreatedAt,
            CompletedAt = t.CompletedAt,
        };
}

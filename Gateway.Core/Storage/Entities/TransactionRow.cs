namespace Gateway.Core.Storage.Entities;

/// <summary>
/// Money that people moved: paid in, given back, or taken by hand. Written by Admin, with the balance in one transaction. Prepaid calls are
/// usage transactions too, but their rows are those of the ledger (<see cref="UsageRecord"/>).
/// </summary>
public sealed class TransactionRow : ICountedRow
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>Whose balance. No foreign key: the row outlives the user.</summary>
    public required string UserId { get; set; }

    /// <summary>One of <see cref="TransactionTypes"/>.</summary>
    public required string Type { get; set; }

    /// <summary>Nano-dollars, always positive: deposits and refunds add, usage takes.</summary>
    public long AmountNanoUsd { get; set; }

    /// <summary>One of <see cref="TransactionStatuses"/>.</summary>
    public required string Status { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>The balance when it was completed, nano-dollars; null until then.</summary>
    public long? BalanceAfterNanoUsd { get; set; }

    /// <summary>Who took the payment, or null.</summary>
    public string? PaymentProvider { get; set; }

    /// <summary>The provider's id of the payment; unique per provider when not null.</summary>
    public string? PaymentId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it came to its end; null while it is pending.</summary>
    public DateTime? CompletedAt { get; set; }

    string ICountedRow.Kind => Type;

    string ICountedRow.Detail => Status;
}

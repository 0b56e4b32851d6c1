namespace Gateway.Admin.Billing;

/// <summary>Which transactions are wanted.</summary>
internal sealed record AdminTransactionQuery : TransactionQuery
{
    public string? UserId { get; init; }
}

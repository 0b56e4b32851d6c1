using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Billing;

/// <summary>Which transactions are wanted; null: all.</summary>
internal sealed record TransactionFilter(string? UserId, string? Type, string? Status, DateTime? From, DateTime? Until)
{
    /// <summary>Whether prepaid calls of the ledger are among them.</summary>
    public bool IncludesCalls =>
        (Type ?? TransactionTypes.Usage) == TransactionTypes.Usage
        && (Status ?? TransactionStatuses.Completed) == TransactionStatuses.Completed;
}

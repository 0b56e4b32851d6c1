namespace Gateway.Core.Storage.Entities;

/// <summary>How far a transaction is.</summary>
public static class TransactionStatuses
{
    /// <summary>Announced; without effect.</summary>
    public const string Pending = "pending";

    /// <summary>In the balance.</summary>
    public const string Completed = "completed";

    /// <summary>Ended without effect: it could not be done.</summary>
    public const string Failed = "failed";

    /// <summary>Ended without effect: it was called off.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Pending, Completed, Failed, Cancelled];
}

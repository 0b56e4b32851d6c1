namespace Gateway.Core.Storage.Entities;

/// <summary>Kinds of transactions.</summary>
public static class TransactionTypes
{
    /// <summary>Money paid in.</summary>
    public const string Deposit = "deposit";

    /// <summary>Money taken for use.</summary>
    public const string Usage = "usage";

    /// <summary>Money given back.</summary>
    public const string Refund = "refund";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Deposit, Usage, Refund];
}

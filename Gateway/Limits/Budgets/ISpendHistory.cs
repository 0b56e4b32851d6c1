using Gateway.Core.Quotas;

namespace Gateway.Limits.Budgets;

/// <summary>What the database knows of money already spent. Everything settled on this node is written before an answer is given.</summary>
internal interface ISpendHistory
{
    /// <summary>A moment (<see cref="TimeProvider.GetTimestamp"/>) before which all that was settled is in the database.</summary>
    long WrittenThrough { get; }

    /// <summary>What was spent in a window of a budget.</summary>
    Task<StoredSpend> ReadSpendAsync(Budget budget, string subjectId, DateTime windowStart);

    /// <summary>Reads a user's prepaid money, nano-dollars, and hands it over before another batch is written or confirmed.</summary>
    Task ReadBalanceAsync(string userId, Action<long> load);
}

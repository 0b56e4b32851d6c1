namespace Gateway.Limits.Rates;

/// <summary>What calls used that this process does not have in memory: after a restart, and after counters were evicted.</summary>
internal interface IUsageHistory
{
    /// <summary>
    /// A moment (<see cref="TimeProvider.GetTimestamp"/>): all calls whose lease was released before it are in what <see cref="ReadAsync"/>
    /// reads. Counters used after it stay in memory. Cheap, and never runs backwards.
    /// </summary>
    long WrittenThrough { get; }

    /// <summary>
    /// Reads what the calls of a key used. Calls that were released before this is called must be in it, also those still on their way to
    /// the ledger: wait for them or add them. Called once for counters at their first use; nobody is admitted on them meanwhile, and no
    /// single caller can cancel it.
    /// </summary>
    /// <param name="key">Whose calls.</param>
    /// <param name="dayStart">The day to sum up: calls admitted from here on, before the next day. UTC.</param>
    /// <param name="recentStart">Calls admitted from here on are wanted one by one. UTC.</param>
    Task<PastUsage> ReadAsync(CounterKey key, DateTime dayStart, DateTime recentStart);
}

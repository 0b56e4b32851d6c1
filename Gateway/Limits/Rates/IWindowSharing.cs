using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Rates;

/// <summary>What counters need to know of other nodes when they are filled.</summary>
internal interface IWindowSharing
{
    /// <summary>Whether other nodes serve too.</summary>
    bool IsOn { get; }

    /// <summary>This process, as others know it.</summary>
    string Node { get; }

    /// <summary>All that nodes told of one caller.</summary>
    Task<IReadOnlyList<WindowShare>> ReadAsync(CounterKey key);

    /// <summary>Has counters share from now on. Needs their lock.</summary>
    void Share(ScopeCounters counters, IReadOnlyList<WindowShare> told);
}

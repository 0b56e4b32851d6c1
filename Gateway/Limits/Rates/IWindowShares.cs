using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Rates;

/// <summary>Where nodes tell one another what they counted: a table of the database, and in tests a list.</summary>
internal interface IWindowShares
{
    /// <summary>Tells the others, and hears what they told since.</summary>
    /// <param name="mine">What this node tells; its sign of life among it.</param>
    /// <param name="node">This node.</param>
    /// <param name="after">Hear what was told after this round of whichever node; signs of life are heard always.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<WindowShare>> ExchangeAsync(
        IReadOnlyList<WindowShare> mine,
        string node,
        long after,
        CancellationToken cancellationToken
    );

    /// <summary>All that was told of one caller, by this node too.</summary>
    Task<IReadOnlyList<WindowShare>> ReadAsync(string counter);

    /// <summary>
    /// Tells all nodes that one more serves, if there are any, and lets go what was told on days that are over.
    /// </summary>
    /// <param name="node">This node.</param>
    /// <param name="today">The day.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there may be others.</returns>
    Task<bool> JoinAsync(string node, int today, CancellationToken cancellationToken);
}

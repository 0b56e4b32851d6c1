namespace Gateway.Core.Quotas;

/// <summary>Tells how a budget stands: live on the node that pays from it, else from the database.</summary>
public interface IBudgetMonitor
{
    /// <summary>Reads a budget's present window; spent and held come from one consistent reading.</summary>
    /// <param name="budget">The budget; for a tier's: over all users.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<BudgetStanding> ReadAsync(Budget budget, CancellationToken cancellationToken);

    /// <summary>Reads several, in the order asked.</summary>
    /// <param name="budgets">The budgets.</param>
    /// <param name="cancellationToken">Gives up.</param>
    async Task<IReadOnlyList<BudgetStanding>> ReadAllAsync(IReadOnlyList<Budget> budgets, CancellationToken cancellationToken)
    {
        var standings = new BudgetStanding[budgets.Count];
        for (var i = 0; i < standings.Length; i++)
        {
            standings[i] = await ReadAsync(budgets[i], cancellationToken);
        }
        return standings;
    }
}

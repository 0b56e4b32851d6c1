using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>Keeps money in memory, and is told what became of it in the database.</summary>
internal interface IMoneyKeeper
{
    /// <summary>Charges of a user have been written: they are in the database's balance now.</summary>
    void ConfirmBalance(string userId, long nanoUsd);

    /// <summary>A user's balance is to be read again. Charges that are not written yet stay taken off.</summary>
    /// <exception cref="CallerStoreUnavailableException">The database is away.</exception>
    Task RefreshBalanceAsync(string userId);

    /// <summary>As <see cref="RefreshBalanceAsync"/>, for every balance in memory.</summary>
    /// <exception cref="CallerStoreUnavailableException">The database is away.</exception>
    Task RefreshBalancesAsync();

    /// <summary>
    /// A charge turned out lower. Before that is given to the writer: what is read from the database meanwhile has the higher figure, which
    /// is safe, and what is read later
    /// waits for the writer.
    /// </summary>
    void Lower(BudgetCharge charge, long nanoUsd);
}

using Gateway.Admin.Changes;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Billing;

/// <summary>
/// Moves money of an account within a change. Balance and total spend change only by differences, in one statement each: traffic charges
/// the same rows at the same time. Call it after the user's row was locked or read in this change.
/// </summary>
internal static class AccountMoney
{
    /// <summary>Adds to the balance, and to what was spent in all (never below zero).</summary>
    /// <param name="change">The change.</param>
    /// <param name="userId">Whose account.</param>
    /// <param name="balance">What comes to the balance, negative to take.</param>
    /// <param name="spent">What comes to the total spend, negative to take back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The balance after; null when it would be below zero: nothing has happened.</returns>
    public static async Task<Money?> MoveAsync(
        Change change,
        string userId,
        Money balance,
        Money spent,
        CancellationToken cancellationToken
    )
    {
        var accounts = change.Db.UserAccounts.Where(a => a.UserId == userId);
        if (!await accounts.AnyAsync(cancellationToken))
        {
            // Traffic may make the row in this moment: the second adds to the other's.
            var sql =
                "INSERT INTO user_accounts (user_id, balance_nano_usd, total_spent_nano_usd, updated_at) VALUES ({0}, 0, 0, {1}) "
                + SqlWords.For(change.Db.Database).UnlessKnown("user_id");
            await change.Db.Database.ExecuteSqlRawAsync(sql, [userId, change.Now], cancellationToken);
        }
        var (byBalance, bySpent, takes) = (balance.NanoUsd, spent.NanoUsd, balance < Money.Zero);
        var moved = await accounts
            .Where(a => !takes || a.BalanceNanoUsd + byBalance >= 0)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.BalanceNanoUsd, a => a.BalanceNanoUsd + byBalance)
                        .SetProperty(a => a.TotalSpentNanoUsd, a => a.TotalSpentNanoUsd + bySpent < 0 ? 0 : a.TotalSpentNanoUsd + bySpent)
                        .SetProperty(a => a.UpdatedAt, change.Now),
                cancellationToken
            );
        if (moved == 0)
        {
            return null;
        }
        change.Touch(ChangedEntities.User, userId);
        return Money.FromNanoUsd(await accounts.Select(a => a.BalanceNanoUsd).SingleAsync(cancellationToken));
    }
}

using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>
/// Sets monthly caps: one of the user's own, never above the lowest cap of an admin or the default budget, beside the admin's. What an
/// admin sets here is a budget with the source <c>admin</c>, and replaces both.
/// </summary>
internal sealed class OwnBudgets(ChangeWriter changes, BudgetOptions options)
{
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> SetAsync(string userId, Money cap, SignedInCaller caller, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        // The user's row keeps two requests for one user apart, so that there is never a second cap.
        var found = change.Db.Users.Where(u => u.Id == userId && u.DeletedAt == null);
        if (await found.ExecuteUpdateAsync(set => set.SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), cancellationToken) == 0)
        {
            return ApiError.UserNotFound;
        }
        var rows = await change.Db.Budgets.Where(b => b.UserId == userId && b.EndUser == null).ToListAsync(cancellationToken);
        var role = await found.Select(u => u.Role).SingleAsync(cancellationToken);
        if (
            !caller.IsAdmin
            && (
                rows.Any(b => b.Source != BudgetSources.User && b.MaxBudgetNanoUsd < cap.NanoUsd)
                || (
                    DefaultBudget.Binds(role, rows)
                    && await DefaultBudget.ReadCapAsync(change.Db, options, cancellationToken) is { } standard
                    && cap > standard
                )
            )
        )
        {
            return ApiError.BudgetAboveAdminLimit;
        }
        var own = rows.Find(b => b.Source == BudgetSources.User);
        await (
            caller.IsAdmin && caller.UserId != userId
                ? SetByAdminAsync(change, userId, cap, own, rows, cancellationToken)
                : PutAsync(change, userId, cap, own, BudgetSources.User, cancellationToken)
        );
        await change.CommitAsync(cancellationToken);
        return null;
    }

    // The row stays the same where there is one, because what was spent of it stands there.
    private static async Task SetByAdminAsync(
        Change change,
        string userId,
        Money cap,
        BudgetRow? own,
        List<BudgetRow> rows,
        CancellationToken cancellationToken
    )
    {
        var admins = rows.Where(b => b.Source == BudgetSources.Admin && b.BudgetDuration == DefaultBudget.Duration)
            .MinBy(b => (b.MaxBudgetNanoUsd, b.Id));
        await PutAsync(change, userId, cap, admins ?? own, BudgetSources.Admin, cancellationToken);
        if (admins is not null && own is not null)
        {
            await BudgetDirectory.RemoveAsync(change, own, cancellationToken);
        }
    }

    private static async Task PutAsync(
        Change change,
        string userId,
        Money cap,
        BudgetRow? standing,
        string source,
        CancellationToken cancellationToken
    )
    {
        if (standing is not null)
        {
            (standing.MaxBudgetNanoUsd, standing.Source, standing.UpdatedAt) = (cap.NanoUsd, source, change.Now);
            await BudgetDirectory.UpdateAsync(change, standing, cancellationToken);
            return;
        }
        var row = BudgetDirectory.NewRow(new QuotaTarget(QuotaScope.User, userId, ModelId: null), source, change.Now);
        (row.MaxBudgetNanoUsd, row.BudgetDuration) = (cap.NanoUsd, DefaultBudget.Duration);
        await BudgetDirectory.AddAsync(change, row, cancellationToken);
    }
}

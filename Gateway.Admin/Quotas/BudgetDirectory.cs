using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Tombstones;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>Makes, changes and ends budgets.</summary>
internal sealed class BudgetDirectory(ChangeWriter changes)
{
    private const string DefaultDuration = "monthly";

    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(NewBudget wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var row = NewRow(wish.ToTarget(), BudgetSources.Admin, change.Now);
        row.BudgetDuration = DefaultDuration;
        row.EndUser = wish.EndUser;
        Apply(wish, row, change.Now);
        if (await AddAsync(change, row, cancellationToken) is { } missing)
        {
            return (null, missing);
        }
        return (row.Id, await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken)));
    }

    /// <summary>Changes a budget, but not what it is over: what was spent so far would be another's.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, BudgetUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.Budgets.FirstOrDefaultAsync(b => b.Id == id, cancellationToken) is not { } row)
        {
            return ApiError.BudgetNotFound;
        }
        if ((wish.ToTarget() is { } target && target != QuotaTarget.Of(row)) || (wish.EndUser is { } endUser && endUser != row.EndUser))
        {
            return ApiError.Validation("scope", "fixed", "a budget's user, team, key, tier, model and end user stay; make another budget");
        }
        Apply(wish, row, change.Now);
        await TakeOverAsync(change, row, actor, cancellationToken);
        await UpdateAsync(change, row, cancellationToken);
        return await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken));
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.Budgets.FirstOrDefaultAsync(b => b.Id == id, cancellationToken) is not { } row)
        {
            return ApiError.BudgetNotFound;
        }
        await RemoveAsync(change, row, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    public static BudgetRow NewRow(QuotaTarget? target, string source, DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            TierId = target?.TierId,
            UserId = target?.UserId,
            TeamId = target?.TeamId,
            ApiKeyId = target?.ApiKeyId,
            ModelId = target?.ModelId,
            Source = source,
            Mode = QuotaMode.Enforce.ToName(),
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>Adds a new budget to a change.</summary>
    /// <returns>404 when what it is over does not exist.</returns>
    public static async Task<ApiError?> AddAsync(Change change, BudgetRow row, CancellationToken cancellationToken)
    {
        change.Db.Budgets.Add(row);
        change.Audit("budget.created", ChangedEntities.Budget, row.Id, row);
        return await TouchAsync(change, row, cancellationToken);
    }

    /// <summary>Adds what was changed of a budget to a change.</summary>
    public static async Task UpdateAsync(Change change, BudgetRow row, CancellationToken cancellationToken)
    {
        change.Audit("budget.updated", ChangedEntities.Budget, row.Id, row);
        await TouchAsync(change, row, cancellationToken);
    }

    /// <summary>Adds the end of a budget to a change.</summary>
    public static async Task RemoveAsync(Change change, BudgetRow row, CancellationToken cancellationToken)
    {
        change.Db.Budgets.Remove(row);
        if (row.ExternalId is { } external)
        {
            await change.BuryAsync(ChangedEntities.Budget, row.Id, external, external, cancellationToken);
        }
        change.Audit("budget.deleted", ChangedEntities.Budget, row.Id, row);
        await TouchAsync(change, row, cancellationToken);
    }

    // What an admin changed of an owner's budget is the admin's from then on: the owner cannot loosen it again.
    private static async Task TakeOverAsync(Change change, BudgetRow row, Actor actor, CancellationToken cancellationToken)
    {
        if (row.Source != BudgetSources.User || row.EndUser is not null)
        {
            return;
        }
        var key = row.ApiKeyId is null ? null : await change.Db.ApiKeys.FirstOrDefaultAsync(k => k.Id == row.ApiKeyId, cancellationToken);
        if ((key?.UserId ?? row.UserId) == actor.UserId)
        {
            return;
        }
        row.Source = BudgetSources.Admin;
        if (key is { AdminLimits: null or { BudgetId: null } })
        {
            key.AdminLimits = (key.AdminLimits ?? ApiKeyLimits.None) with { BudgetId = row.Id };
        }
    }

    private static async Task<ApiError?> TouchAsync(Change change, BudgetRow row, CancellationToken cancellationToken)
    {
        if (QuotaTarget.Of(row) is { } target)
        {
            return await target.TouchAsync(change, ChangedEntities.Budget, cancellationToken);
        }
        change.Touch(ChangedEntities.Budget, row.Id); // it binds nobody, but the change counts
        return null;
    }

    private static void Apply(BudgetUpdate wish, BudgetRow row, DateTime now)
    {
        row.MaxBudgetNanoUsd = wish.MaxBudget.IsSent ? wish.MaxBudget.Value.NanoUsd : row.MaxBudgetNanoUsd;
        row.BudgetDuration = wish.BudgetDuration.Or(row.BudgetDuration);
        row.ResetAnchor = wish.ResetAt.Or(row.ResetAnchor);
        row.Mode = wish.Mode.Or(row.Mode);
        row.UpdatedAt = now;
    }
}

using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Tombstones;
using Gateway.Core.Chats;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Tiers;

/// <summary>Makes, changes and ends tiers. New users need a free one, so the last of them stays.</summary>
internal sealed class TierDirectory(ChangeWriter changes)
{
    private static readonly ApiError LastFreeTier = ApiError.Conflict("The last free tier must stay one: new users start in it");

    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(TierUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var tier = new Tier
        {
            Id = Guid.CreateVersion7().ToString(),
            Name = "",
            NameKey = "",
            CreatedAt = change.Now,
        };
        Apply(wish, tier, change.Now);
        change.Db.Tiers.Add(tier);
        change.Audit("tier.created", ChangedEntities.Tier, tier.Id, tier);
        change.Touch(ChangedEntities.Tier, tier.Id);
        return (tier.Id, await CommitAsync(change, PolicyRule.Compiles(cancellationToken), cancellationToken));
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, TierUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.Tiers.FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } tier)
        {
            return ApiError.TierNotFound;
        }
        var wasFree = tier.IsFree;
        Apply(wish, tier, change.Now);
        change.Audit("tier.updated", ChangedEntities.Tier, id, tier);
        change.Touch(ChangedEntities.Tier, id);
        return await CommitAsync(
            change,
            async db => (wasFree ? await AFreeTierStaysAsync(db) : null) ?? await PolicyRule.Compiles(cancellationToken)(db),
            cancellationToken
        );
    }

    /// <summary>Ends a tier that nobody is in, with its limits and budgets.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            return await DeleteUnusedAsync(id, actor, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody got into the tier at this moment, and the foreign key held.
            await using var after = await changes.BeginAsync(actor, cancellationToken);
            if (await HasUsersAsync(after.Db, id, cancellationToken))
            {
                return ApiError.TierInUse;
            }
            throw;
        }
    }

    private async Task<ApiError?> DeleteUnusedAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var db = change.Db;
        if (await db.Tiers.FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } tier)
        {
            return ApiError.TierNotFound;
        }
        if (await HasUsersAsync(db, id, cancellationToken))
        {
            return ApiError.TierInUse;
        }
        // The tombstones of deleted users and the platform's own account are in some tier, too; which one means nothing.
        if (
            await db
                .Tiers.Where(t => t.Id != id && t.IsFree)
                .OrderBy(t => t.PriceNanoUsd)
                .ThenBy(t => t.Id)
                .Select(t => t.Id)
                .FirstOrDefaultAsync(cancellationToken)
            is not { } other
        )
        {
            return LastFreeTier;
        }
        await db
            .Users.Where(u => u.TierId == id && (u.DeletedAt != null || u.Id == PlatformUser.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.TierId, other), cancellationToken);
        await db.RateLimits.Where(l => l.TierId == id).ExecuteDeleteAsync(cancellationToken);
        db.Budgets.RemoveRange(await db.Budgets.Where(b => b.TierId == id).ToListAsync(cancellationToken));
        db.Tiers.Remove(tier);
        await change.BuryAsync(ChangedEntities.Tier, id, tier.Name, externalId: null, cancellationToken);
        change.Audit("tier.deleted", ChangedEntities.Tier, id, tier);
        change.Touch(ChangedEntities.Tier, id);
        return await change.CommitAsync(cancellationToken, AFreeTierStaysAsync);
    }

    private static async Task<ApiError?> AFreeTierStaysAsync(HubDbContext db) =>
        await db.Tiers.AnyAsync(t => t.IsFree) ? null : LastFreeTier;

    private static Task<bool> HasUsersAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        db.Users.AnyAsync(u => u.TierId == id && u.DeletedAt == null && u.Id != PlatformUser.Id, cancellationToken);

    private async Task<ApiError?> CommitAsync(Change change, Func<HubDbContext, Task<ApiError?>> rule, CancellationToken cancellationToken)
    {
        try
        {
            return await change.CommitAsync(cancellationToken, rule);
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return ApiError.NameTaken;
        }
    }

    private static void Apply(TierUpdate wish, Tier tier, DateTime now)
    {
        tier.Name = wish.Name.Or(tier.Name);
        tier.NameKey = tier.Name.ToLowerInvariant();
        tier.Description = wish.Description.Or(tier.Description);
        tier.IsFree = wish.IsFree.Or(tier.IsFree);
        tier.PriceNanoUsd = wish.Price.IsSent ? wish.Price.Value.NanoUsd : tier.PriceNanoUsd;
        tier.MaxOutputTokens = wish.MaxOutputTokens.Or(tier.MaxOutputTokens);
        tier.BillingMode = wish.BillingMode.Or(tier.BillingMode);
        tier.FailOpen = wish.FailOpen.Or(tier.FailOpen);
        tier.UpdatedAt = now;
    }
}

using Gateway.Admin.Changes;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Tiers;

/// <summary>
/// Moves users up to the dearest tier that their spend unlocks. Never down: a tier that an admin gave stays. Guests are not
/// moved.
/// </summary>
internal sealed class TierUpgrade(ChangeWriter changes)
{
    public const string AuditAction = "tier.upgraded";

    /// <returns>The tier before, and the one after; null when there is no such user.</returns>
    public async Task<(Tier Before, Tier After)?> CheckAsync(string userId, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(Actor.System, cancellationToken);
        var db = change.Db;
        // The lock on the row: of two nodes that see the same spend, the second finds the user moved.
        await db
            .Users.Where(u => u.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == userId && u.DeletedAt == null, cancellationToken) is not { } user)
        {
            return null;
        }
        var spent = await ReadSpentAsync(db, userId, cancellationToken);
        var before = await db.Tiers.AsNoTracking().FirstAsync(t => t.Id == user.TierId, cancellationToken);
        if (
            user.IsGuest
            || await BestFor(db, spent).FirstOrDefaultAsync(cancellationToken) is not { } best
            || best.PriceNanoUsd <= before.PriceNanoUsd
        )
        {
            return (before, before);
        }
        (user.TierId, user.UpdatedAt) = (best.Id, change.Now);
        change.Audit(AuditAction, ChangedEntities.User, userId, user);
        change.Touch(ChangedEntities.User, userId);
        await change.CommitAsync(cancellationToken);
        return (before, best);
    }

    /// <summary>What a user spent in all, nano-dollars; 0 without a row.</summary>
    public static Task<long> ReadSpentAsync(HubDbContext db, string userId, CancellationToken cancellationToken) =>
        db.UserAccounts.Where(a => a.UserId == userId).Select(a => a.TotalSpentNanoUsd).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The tier that comes next, or null.</summary>
    public static Task<Tier?> FindNextAsync(HubDbContext db, Tier present, long spentNanoUsd, CancellationToken cancellationToken) =>
        db
            .Tiers.AsNoTracking()
            .Where(t => t.PriceNanoUsd > present.PriceNanoUsd && t.PriceNanoUsd > spentNanoUsd)
            .OrderBy(t => t.PriceNanoUsd)
            .ThenBy(t => t.Id)
            .FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<Tier> BestFor(HubDbContext db, long spentNanoUsd) =>
        db.Tiers.AsNoTracking().Where(t => t.PriceNanoUsd <= spentNanoUsd).OrderByDescending(t => t.PriceNanoUsd).ThenBy(t => t.Id);
}

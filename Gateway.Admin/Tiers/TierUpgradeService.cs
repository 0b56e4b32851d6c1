using Gateway.Core.Background;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Tiers;

/// <summary>
/// Looks at the accounts that were charged since the last look and moves their users up. Traffic writes what was spent, management who is
/// in which tier; so this runs here, a moment after the charge, and a move that two nodes see is made once.
/// </summary>
internal sealed class TierUpgradeService(IDbContextFactory<HubDbContext> databases, TierUpgrade upgrade, TimeProvider time, Rounds rounds)
    : PeriodicService("tier_upgrade", rounds)
{
    private const int BatchSize = 500;

    // Charges are written some time after the call's end, which is what the row shows
    private static readonly TimeSpan LookBack = TimeSpan.FromMinutes(10);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var since = UtcTime.ToStored(time.UtcNow() - LookBack);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var due = await (
            from account in db.UserAccounts
            where account.UpdatedAt >= since
            join user in db.Users on account.UserId equals user.Id
            join tier in db.Tiers on user.TierId equals tier.Id
            where
                user.DeletedAt == null
                && !user.IsGuest
                && db.Tiers.Any(t => t.PriceNanoUsd <= account.TotalSpentNanoUsd && t.PriceNanoUsd > tier.PriceNanoUsd)
            orderby account.UpdatedAt, user.Id // who waits longest comes first
            select user.Id
        )
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var userId in due)
        {
            var begun = time.GetTimestamp();
            await upgrade.CheckAsync(userId, cancellationToken);
            // SQLite has one writer at a time, and gives nobody a turn: who waits for one would find hundreds of changes without a gap.
            await Task.Delay(time.GetElapsedTime(begun), cancellationToken);
        }
    }
}

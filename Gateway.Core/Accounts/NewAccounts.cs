using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Accounts;

/// <summary>What new accounts get that nobody chose for them.</summary>
public static class NewAccounts
{
    private const string FreeTier = "free";

    /// <summary>The tier asked for, or the one that new users get: the one named free, else the cheapest free one.</summary>
    public static async Task<Tier?> FindTierAsync(HubDbContext db, string? id, CancellationToken cancellationToken) =>
        id is not null
            ? await db.Tiers.FirstOrDefaultAsync(t => t.Id == id, cancellationToken)
            : await db
                .Tiers.Where(t => t.NameKey == FreeTier || t.IsFree)
                .OrderByDescending(t => t.NameKey == FreeTier)
                .ThenBy(t => t.PriceNanoUsd)
                .ThenBy(t => t.Id)
                .FirstOrDefaultAsync(cancellationToken);

    /// <summary>Whether a user of this tier may call at once, or an admin must approve first.</summary>
    public static async Task<string> StatusAsync(HubDbContext db, Tier tier, CancellationToken cancellationToken) =>
        tier.IsFree && await HubSettings.FreeTierRequiresApproval.ReadFlagAsync(db, cancellationToken)
            ? FreeTierStatuses.Pending
            : FreeTierStatuses.Approved;
}

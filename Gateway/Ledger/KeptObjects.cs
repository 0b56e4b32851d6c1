using Gateway.Calls;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Whose a conversation, a file or a batch is that an upstream keeps: that of the user who made it. Upstreams know only the gateway, so
/// that nobody else could tell.
/// </summary>
internal sealed class KeptObjects(IDbContextFactory<HubDbContext> databases, TimeProvider time)
{
    // Uses are written down once a day: nobody forgets what was used within one.
    private static readonly TimeSpan UseStep = TimeSpan.FromDays(1);

    /// <summary>The longest id that is kept, in characters.</summary>
    public const int LongestId = 191;

    /// <summary>The most files that a body may name.</summary>
    public const int MostFiles = 1_000;

    /// <summary>The caller's own object of that id, or why there is none.</summary>
    public async ValueTask<(KeptObject? Kept, Refusal? Refusal)> FindAsync(
        Caller caller,
        string kind,
        string id,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var found = await Own(db, caller, kind).FirstOrDefaultAsync(k => k.Id == id, cancellationToken);
            if (found is null)
            {
                return (null, Refusals.KeptNotFound(kind, id));
            }
            await TouchAsync(db, caller, found.UsedAt, [id], cancellationToken);
            return (found, null);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            return (null, Refusals.StoreUnavailable);
        }
    }

    /// <summary>
    /// Of files that a body names, the first that is another user's; and the upstream that keeps those of the caller. Files that were not
    /// uploaded through the gateway are nobody's.
    /// </summary>
    public async ValueTask<(Refusal? Refusal, string? Upstream)> CheckFilesAsync(
        Caller caller,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count > MostFiles)
        {
            return (Refusals.TooManyFiles(MostFiles), null);
        }
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var kept = await db
                .KeptObjects.AsNoTracking()
                .Where(k => k.Kind == KeptKinds.File && ids.Contains(k.Id))
                .Select(k => new
                {
                    k.Id,
                    k.UserId,
                    k.Upstream,
                    k.UsedAt,
                })
                .ToListAsync(cancellationToken);
            var own = kept.FindAll(k => k.UserId == caller.User.Id);
            var other = kept.Find(k => !own.Exists(o => o.Id == k.Id));
            if (other is not null)
            {
                return (Refusals.KeptNotFound(KeptKinds.File, other.Id), null);
            }
            if (own.Count > 0)
            {
                await TouchAsync(db, caller, own.Min(k => k.UsedAt), [.. own.Select(k => k.Id)], cancellationToken);
            }
            return (null, own.FirstOrDefault()?.Upstream);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            return (Refusals.StoreUnavailable, null);
        }
    }

    /// <summary>A page of the caller's objects of a kind.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="purpose">Files for that alone; null: all.</param>
    /// <param name="after">Those behind this id; null: from the beginning.</param>
    /// <param name="isAscending">The oldest first.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One more than asked for, when there are more; null when there is no object of the id <paramref name="after"/>.</returns>
    public async Task<List<KeptObject>?> ListAsync(
        Caller caller,
        string kind,
        string? purpose,
        string? after,
        bool isAscending,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var objects = Own(db, caller, kind).Where(k => k.Content != null);
        if (purpose is not null)
        {
            objects = objects.Where(k => k.Purpose == purpose);
        }
        if (after is not null)
        {
            if (await Own(db, caller, kind).FirstOrDefaultAsync(k => k.Id == after, cancellationToken) is not { } last)
            {
                return null;
            }
            var (at, id) = (last.CreatedAt, last.Id);
            objects = isAscending
                ? objects.Where(k => k.CreatedAt > at || (k.CreatedAt == at && string.Compare(k.Id, id) > 0))
                : objects.Where(k => k.CreatedAt < at || (k.CreatedAt == at && string.Compare(k.Id, id) < 0));
        }
        objects = isAscending
            ? objects.OrderBy(k => k.CreatedAt).ThenBy(k => k.Id)
            : objects.OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id);
        return await objects.Take(most + 1).ToListAsync(cancellationToken);
    }

    /// <summary>Keeps one, or what the upstream shows of it now; of a file for a batch, what was read of it too.</summary>
    /// <exception cref="InvalidOperationException">The id is another user's at the same upstream.</exception>
    public async Task KeepAsync(KeptObject kept, BatchFile? batch, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await PutAsync(db, kept, cancellationToken);
        if (batch is not null)
        {
            db.BatchFiles.Add(batch);
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The same, as a part of what is saved.</summary>
    /// <exception cref="InvalidOperationException">The id is another user's at the same upstream.</exception>
    public static async Task PutAsync(HubDbContext db, KeptObject kept, CancellationToken cancellationToken)
    {
        if (await db.KeptObjects.FirstOrDefaultAsync(k => k.Id == kept.Id && k.Upstream == kept.Upstream, cancellationToken) is not { } old)
        {
            kept.UsedAt = kept.CreatedAt;
            db.KeptObjects.Add(kept);
            return;
        }
        if (old.UserId != kept.UserId)
        {
            throw new InvalidOperationException($"The upstream {kept.Upstream} gave the id {kept.Id} to two users.");
        }
        old.Content = kept.Content;
    }

    /// <summary>Forgets one that the upstream has deleted.</summary>
    public async Task ForgetAsync(KeptObject kept, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.KeptObjects.Where(k => k.Id == kept.Id && k.Upstream == kept.Upstream).ExecuteDeleteAsync(cancellationToken);
        await db.BatchFiles.Where(f => f.Id == kept.Id && f.Upstream == kept.Upstream).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task TouchAsync(
        HubDbContext db,
        Caller caller,
        DateTime lastUse,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    )
    {
        var now = UtcTime.ToStored(time.GetUtcNow().UtcDateTime);
        if (now - lastUse < UseStep)
        {
            return;
        }
        var user = caller.User.Id;
        await db
            .KeptObjects.Where(k => k.UserId == user && ids.Contains(k.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.UsedAt, now), cancellationToken);
    }

    private static IQueryable<KeptObject> Own(HubDbContext db, Caller caller, string kind)
    {
        var user = caller.User.Id;
        return db.KeptObjects.AsNoTracking().Where(k => k.UserId == user && k.Kind == kind);
    }
}

using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>
/// Deletes users. Sessions and keys die at once; the row stays as a tombstone without anything personal, because ledger,
/// transactions and audit name it.
/// </summary>
internal sealed class UserEnding(ChangeWriter changes, KeyMirror mirror, IDbContextFactory<HubDbContext> databases, TimeProvider time)
{
    private const int GuestsAtOnce = 500;

    private static readonly ApiError OwnAccount = ApiError.Conflict("Admins do not delete their own account");

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, string callerId, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var db = change.Db;
        // Locked before it is read: of two who delete a user at once, the second finds nobody.
        await db
            .Users.Where(u => u.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == id && u.DeletedAt == null, cancellationToken) is not { } user)
        {
            return ApiError.UserNotFound;
        }
        if (id == callerId)
        {
            return OwnAccount;
        }
        var wasAdmin = user is { Role: Roles.Admin, IsActive: true };
        Bury(user, change.Now);
        change.AuditEvent("user.deleted", ChangedEntities.User, id); // without members: what is deleted must not live on here
        await db.SaveChangesAsync(cancellationToken);
        await Sessions.RevokeAllAsync(change, id, "account_deleted", cancellationToken);
        var keys = await db.ApiKeys.Where(k => k.UserId == id && k.DeletedAt == null).ToListAsync(cancellationToken);
        foreach (var key in keys)
        {
            (key.IsActive, key.DeletedAt, key.UpdatedAt) = (false, change.Now, change.Now);
            change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
        }
        var keyIds = keys.ConvertAll(k => k.Id);
        db.Budgets.RemoveRange(await db.Budgets.Where(b => b.UserId == id || keyIds.Contains(b.ApiKeyId!)).ToListAsync(cancellationToken));
        await db.RateLimits.Where(l => l.UserId == id || keyIds.Contains(l.ApiKeyId!)).ExecuteDeleteAsync(cancellationToken);
        await db.RequestContents.Where(c => c.UserId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Chats.Where(c => c.UserId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Files.Where(f => f.UserId == id).ExecuteDeleteAsync(cancellationToken); // their bytes are swept away
        await db.UserProfiles.Where(p => p.UserId == id).ExecuteDeleteAsync(cancellationToken);
        if (await change.CommitAsync<ApiError>(cancellationToken, wasAdmin ? UserDirectory.AnAdminStaysAsync : null) is { } refusal)
        {
            return refusal;
        }
        foreach (var key in keys.Where(k => k.ExternalId is not null))
        {
            await mirror.RemoveAsync(key.Id, key.ExternalId!);
        }
        return null;
    }

    /// <summary>Deletes the guests whose time is over, with their chats and files.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DeleteGuestsAsync(CancellationToken cancellationToken)
    {
        var now = UtcTime.ToStored(time.UtcNow());
        var count = 0;
        for (List<string>? guests = null; guests is null || guests.Count == GuestsAtOnce; count += guests.Count)
        {
            await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            {
                guests = await db
                    .Users.Where(u => u.IsGuest && u.DeletedAt == null && u.ExpiresAt <= now)
                    .Select(u => u.Id)
                    .Take(GuestsAtOnce)
                    .ToListAsync(cancellationToken);
            }
            foreach (var guest in guests)
            {
                await DeleteAsync(guest, callerId: "", Actor.System, cancellationToken);
            }
        }
        return count;
    }

    private static void Bury(User user, DateTime now)
    {
        user.Email = $"deleted+{user.Id}@invalid";
        user.Username = user.UsernameKey = $"deleted-{user.Id}";
        (user.Name, user.Phone, user.TeamId) = (null, null, null);
        user.PasswordHash = "";
        (user.IsActive, user.DeletedAt, user.UpdatedAt) = (false, now, now);
    }
}

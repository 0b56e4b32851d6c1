using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Accounts;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>Makes and changes users.</summary>
internal sealed class UserDirectory(ChangeWriter changes, Passwords passwords, KeyMirror mirror)
{
    private const int UsernameAttempts = 5;

    /// <summary>Makes a user.</summary>
    /// <returns>The user's id, or why not.</returns>
    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(NewUser wish, Actor actor, CancellationToken cancellationToken)
    {
        var hash = await passwords.HashAsync(wish.Password, cancellationToken); // before the transaction: it takes long
        for (var attempt = 1; ; attempt++)
        {
            await using var change = await changes.BeginAsync(actor, cancellationToken);
            if (
                await FindTakenAsync(
                    change.Db,
                    "",
                    wish.Email,
                    wish.Username.Value?.ToLowerInvariant(),
                    wish.Phone.Value,
                    cancellationToken
                ) is
                { } taken
            )
            {
                return (null, taken);
            }
            if (await NewAccounts.FindTierAsync(change.Db, wish.TierId, cancellationToken) is not { } tier)
            {
                return (null, ApiError.TierNotFound);
            }
            var user = await NewRowAsync(change, wish, hash, tier, cancellationToken);
            change.Db.Users.Add(user);
            change.Audit("user.created", ChangedEntities.User, user.Id, user);
            change.Touch(ChangedEntities.User, user.Id);
            try
            {
                await change.CommitAsync(cancellationToken);
                return (user.Id, null);
            }
            catch (DbUpdateException fault) when (attempt < UsernameAttempts && changes.IsUniqueViolation(fault))
            {
                // Somebody took the email, the name or the phone in this moment: look again.
            }
        }
    }

    /// <summary>
    /// Changes a user. A new role, a new password and a deactivation end the user's sessions; keys at LiteLLM follow the user's activity.
    /// </summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, UserUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        var refusal = await ChangeAsync(id, wish, actor, cancellationToken);
        if (refusal is null && wish.IsActive.IsSent)
        {
            await mirror.FollowUserAsync(id); // also when it was so before: what LiteLLM did not hear then it hears now
        }
        return refusal;
    }

    /// <summary>Gives a user a new password and ends all sessions but the one that asks.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> ChangePasswordAsync(
        string id,
        string checkedHash,
        string password,
        string sessionId,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var hash = await passwords.HashAsync(password, cancellationToken);
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var changed = await change
            .Db.Users.Where(u => u.Id == id && u.PasswordHash == checkedHash && u.DeletedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.PasswordHash, hash).SetProperty(u => u.UpdatedAt, change.Now),
                cancellationToken
            );
        if (changed == 0)
        {
            return ApiError.Conflict("The password was changed at this moment");
        }
        await Sessions.RevokeAllAsync(change, id, "password_changed", cancellationToken, exceptId: sessionId);
        change.AuditEvent("auth.password_changed", ChangedEntities.User, id);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Lets a user of a free tier call, or not. On a tier that is not free it changes nothing.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> ApproveAsync(string id, bool approved, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var db = change.Db;
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == id && u.DeletedAt == null, cancellationToken) is not { } user)
        {
            return ApiError.UserNotFound;
        }
        var status = approved ? FreeTierStatuses.Approved : FreeTierStatuses.Rejected;
        if (user.FreeTierStatus != status && await db.Tiers.AnyAsync(t => t.Id == user.TierId && t.IsFree, cancellationToken))
        {
            (user.FreeTierStatus, user.UpdatedAt) = (status, change.Now);
            change.Touch(ChangedEntities.User, id);
        }
        change.Audit(approved ? "user.approved" : "user.rejected", ChangedEntities.User, id, user);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    public static async Task<ApiError?> AnAdminStaysAsync(HubDbContext db) =>
        await db.Users.AnyAsync(u => u.Role == Roles.Admin && u.IsActive && u.DeletedAt == null) ? null : ApiError.LastAdmin;

    public static async Task<ApiError?> FindTakenAsync(
        HubDbContext db,
        string ownId,
        string email,
        string? usernameKey,
        string? phone,
        CancellationToken cancellationToken
    )
    {
        var others = await db
            .Users.AsNoTracking()
            .Where(u => u.Id != ownId && (u.Email == email || u.UsernameKey == usernameKey || (phone != null && u.Phone == phone)))
            .Select(u => new { u.Email, u.UsernameKey })
            .ToListAsync(cancellationToken);
        return others.Count == 0 ? null
            : others.Any(u => u.Email == email) ? ApiError.EmailTaken
            : others.Any(u => u.UsernameKey == usernameKey) ? ApiError.UsernameTaken
            : ApiError.PhoneTaken;
    }

    private async Task<ApiError?> ChangeAsync(string id, UserUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        var hash = wish.Password.IsSent ? await passwords.HashAsync(wish.Password.Value, cancellationToken) : null;
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var db = change.Db;
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == id && u.DeletedAt == null, cancellationToken) is not { } user)
        {
            return ApiError.UserNotFound;
        }
        if (wish.TierId.IsSent && !await db.Tiers.AnyAsync(t => t.Id == wish.TierId.Value, cancellationToken))
        {
            return ApiError.TierNotFound;
        }
        if (wish.TeamId is { IsSent: true, Value: { } teamId } && !await db.Teams.AnyAsync(t => t.Id == teamId, cancellationToken))
        {
            return ApiError.NotFound("Team not found");
        }
        var endsSessions = hash is not null || wish.Role.Or(user.Role) != user.Role || (user.IsActive && !wish.IsActive.Or(true));
        var wasAdmin = user is { Role: Roles.Admin, IsActive: true };
        Apply(wish, user, hash, change.Now);
        if (await FindTakenAsync(db, id, user.Email, user.UsernameKey, user.Phone, cancellationToken) is { } taken)
        {
            return taken;
        }
        change.Audit("user.updated", ChangedEntities.User, id, user);
        change.Touch(ChangedEntities.User, id);
        try
        {
            await db.SaveChangesAsync(cancellationToken); // the user's row first: a sign-in that runs now waits for it
            if (endsSessions)
            {
                await Sessions.RevokeAllAsync(change, id, "account_changed", cancellationToken);
            }
            return await change.CommitAsync<ApiError>(
                cancellationToken,
                wasAdmin && user is not { Role: Roles.Admin, IsActive: true } ? AnAdminStaysAsync : null
            );
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return ApiError.Conflict("The email, the username or the phone was taken at this moment");
        }
    }

    private static async Task<User> NewRowAsync(Change change, NewUser wish, string hash, Tier tier, CancellationToken cancellationToken)
    {
        var username = wish.Username.Value ?? await Usernames.FindFreeAsync(change.Db, wish.Email, cancellationToken);
        return new User
        {
            Id = Guid.CreateVersion7().ToString(),
            Email = wish.Email,
            Username = username,
            UsernameKey = username.ToLowerInvariant(),
            Name = wish.Name.Value,
            Phone = wish.Phone.Value,
            PasswordHash = hash,
            Role = wish.Role.Or(Roles.Customer),
            TierId = tier.Id,
            IsActive = true,
            FreeTierStatus = FreeTierStatuses.Approved,
            MonthlyTokenLimit = wish.MonthlyTokenLimit.Value,
            BillingMode = wish.BillingMode.Value,
            CreatedAt = change.Now,
            UpdatedAt = change.Now,
        };
    }

    private static void Apply(UserUpdate wish, User user, string? hash, DateTime now)
    {
        user.Email = wish.Email.Or(user.Email);
        user.Username = wish.Username.Or(user.Username);
        user.UsernameKey = user.Username.ToLowerInvariant();
        user.Name = wish.Name.Or(user.Name);
        user.Phone = wish.Phone.Or(user.Phone);
        user.Role = wish.Role.Or(user.Role);
        user.TierId = wish.TierId.Or(user.TierId);
        user.TeamId = wish.TeamId.Or(user.TeamId);
        user.IsActive = wish.IsActive.Or(user.IsActive);
        user.IsVerified = wish.IsVerified.Or(user.IsVerified);
        user.MonthlyTokenLimit = wish.MonthlyTokenLimit.Or(user.MonthlyTokenLimit);
        user.BillingMode = wish.BillingMode.Or(user.BillingMode);
        user.PasswordHash = hash ?? user.PasswordHash;
        user.UpdatedAt = now;
    }
}

using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Issuers;

/// <summary>
/// The accounts behind an issuer's subjects. A subject is bound to its account once and for all by <see cref="ExternalIdentity"/>: found by
/// an email that the issuer has verified, or made when <c>oidc_create_users</c> says so. Tier, team and role follow the newest token, where
/// a setting names their claim.
/// </summary>
public sealed partial class IssuerAccounts(
    IDbContextFactory<HubDbContext> databases,
    ChangeFeed feed,
    StoreProvider store,
    TimeProvider time,
    ILogger<IssuerAccounts> logger
)
{
    private const int Attempts = 5;

    internal async Task<IssuerOutcome> FindAsync(IssuerSettings settings, IssuerClaims claims, CancellationToken cancellationToken)
    {
        if (claims.Text(settings.UserClaim) is not { } subject)
        {
            return IssuerOutcome.Invalid;
        }
        var hash = HashOf(subject);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                var (groups, unknown) = await IssuerGroups.ReadAsync(db, settings, claims, cancellationToken);
                if (groups is null)
                {
                    return new IssuerOutcome(IssuerVerdict.UnknownGroup, Reason: unknown);
                }
                var known = await db
                    .ExternalIdentities.AsNoTracking()
                    .Where(i => i.Issuer == settings.Issuer && i.SubjectHash == hash)
                    .Join(db.Users.AsNoTracking(), i => i.UserId, u => u.Id, (i, u) => new { Identity = i, User = u })
                    .FirstOrDefaultAsync(cancellationToken);
                if (
                    known is not null
                    && (known.User.DeletedAt is not null || claims.IssuedAt < known.Identity.ClaimsIssuedAt || groups.Hold(known.User))
                )
                {
                    return new IssuerOutcome(IssuerVerdict.Accepted, known.User.Id);
                }
                return known is not null
                    ? new IssuerOutcome(
                        IssuerVerdict.Accepted,
                        await FollowAsync(db, known.User.Id, settings, hash, groups, claims, cancellationToken)
                    )
                    : await BindAsync(db, settings, hash, groups, claims, cancellationToken);
            }
            catch (DbUpdateException fault)
                when (attempt < Attempts && fault.InnerException is DbException inner && store.IsUniqueViolation(inner))
            {
                // Another first use of the same subject was quicker, or somebody took the name: look again.
            }
        }
    }

    private async Task<string> FollowAsync(
        HubDbContext db,
        string userId,
        IssuerSettings settings,
        string hash,
        IssuerGroups groups,
        IssuerClaims claims,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The first statement waits for whoever changes revisions now, so that what is read below stays so.
        await db.PolicyRevisions.ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision), cancellationToken);
        var identity = await db.ExternalIdentities.SingleAsync(
            i => i.Issuer == settings.Issuer && i.SubjectHash == hash,
            cancellationToken
        );
        var user = await db.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        if (claims.IssuedAt < identity.ClaimsIssuedAt || user.DeletedAt is not null)
        {
            return userId;
        }
        identity.ClaimsIssuedAt = UtcTime.ToStored(claims.IssuedAt);
        await ApplyAsync(db, user, groups, cancellationToken);
        user.UpdatedAt = time.UtcNow();
        await CommitAsync(db, transaction, user, "user.changed_by_issuer", settings.Issuer);
        return userId;
    }

    private async Task<IssuerOutcome> BindAsync(
        HubDbContext db,
        IssuerSettings settings,
        string hash,
        IssuerGroups groups,
        IssuerClaims claims,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.PolicyRevisions.ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision), cancellationToken);
        var now = time.UtcNow();
        var email = VerifiedEmail(settings, claims);
        var user = email is null
            ? null
            : await db.Users.FirstOrDefaultAsync(u => u.Email == email && u.DeletedAt == null, cancellationToken);
        var action = "user.bound_to_issuer";
        if (user is null)
        {
            if (!settings.CreatesUsers)
            {
                return IssuerOutcome.NoAccount;
            }
            if (await NewUserAsync(db, claims, email, groups, now, cancellationToken) is not { } made)
            {
                return IssuerOutcome.NoAccount;
            }
            (user, action) = (made, "user.created_by_issuer");
            db.Users.Add(user);
        }
        await ApplyAsync(db, user, groups, cancellationToken);
        user.UpdatedAt = now;
        db.ExternalIdentities.Add(
            new ExternalIdentity
            {
                Issuer = settings.Issuer,
                SubjectHash = hash,
                UserId = user.Id,
                ClaimsIssuedAt = UtcTime.ToStored(claims.IssuedAt),
                CreatedAt = now,
            }
        );
        await CommitAsync(db, transaction, user, action, settings.Issuer);
        return new IssuerOutcome(IssuerVerdict.Accepted, user.Id);
    }

    private async Task ApplyAsync(HubDbContext db, User user, IssuerGroups groups, CancellationToken cancellationToken)
    {
        var role = user.Role;
        groups.Apply(user);
        if (
            role == Roles.Admin
            && user.Role != Roles.Admin
            && !await db.Users.AnyAsync(
                u => u.Id != user.Id && u.Role == Roles.Admin && u.IsActive && u.DeletedAt == null,
                cancellationToken
            )
        )
        {
            user.Role = role;
            Log.LastAdmin(logger, user.Id);
        }
        if (user.Role != role)
        {
            var now = time.UtcNow();
            await db
                .Sessions.Where(s => s.UserId == user.Id && s.RevokedAt == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(s => s.RevokedAt, now).SetProperty(s => s.RevokeReason, "role_changed_by_issuer"),
                    cancellationToken
                );
        }
    }

    private async Task CommitAsync(
        HubDbContext db,
        Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction,
        User user,
        string action,
        string issuer
    )
    {
        var after = JsonSerializer.Serialize(
            new Dictionary<string, string?>
            {
                ["issuer"] = issuer,
                ["tier_id"] = user.TierId,
                ["team_id"] = user.TeamId,
                ["role"] = user.Role,
            }
        );
        db.AuditLog.Add(
            new AuditEntry
            {
                Id = Guid.CreateVersion7().ToString(),
                Action = action,
                EntityType = ChangedEntities.User,
                EntityId = user.Id,
                After = after,
                CreatedAt = time.UtcNow(),
            }
        );
        await db.SaveChangesAsync(CancellationToken.None);
        await ChangeLog.AppendAsync(db, ChangedEntities.User, user.Id, entityKey: null, time, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        try
        {
            await feed.CatchUpAsync(CancellationToken.None);
        }
        catch (Exception fault)
        {
            Log.NotYetInForce(logger, fault);
        }
    }

    private static async Task<User?> NewUserAsync(
        HubDbContext db,
        IssuerClaims claims,
        string? email,
        IssuerGroups groups,
        DateTime now,
        CancellationToken cancellationToken
    )
    {
        var tier = groups.TierId is { } id
            ? await db.Tiers.AsNoTracking().FirstAsync(t => t.Id == id, cancellationToken)
            : await db
                .Tiers.AsNoTracking()
                .Where(t => t.NameKey == "free" || t.IsFree)
                .OrderByDescending(t => t.NameKey == "free")
                .ThenBy(t => t.PriceNanoUsd)
                .ThenBy(t => t.Id)
                .FirstOrDefaultAsync(cancellationToken);
        if (tier is null)
        {
            return null;
        }
        var mustWait =
            groups.TierId is null
            && tier.IsFree
            && await db.Settings.AnyAsync(s => s.Key == "free_tier_requires_approval" && s.Value == "true", cancellationToken);
        var userId = Guid.CreateVersion7().ToString();
        var username = await UsernameAsync(db, claims.Text("preferred_username") ?? email, userId, cancellationToken);
        return new User
        {
            Id = userId,
            Email = email ?? $"{userId}@issuer.invalid",
            IsVerified = email is not null,
            Username = username,
            UsernameKey = username.ToLowerInvariant(),
            Name = claims.Text("name"),
            PasswordHash = "",
            Role = Roles.Customer,
            TierId = tier.Id,
            IsActive = true,
            FreeTierStatus = mustWait ? FreeTierStatuses.Pending : FreeTierStatuses.Approved,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static async Task<string> UsernameAsync(HubDbContext db, string? wish, string userId, CancellationToken cancellationToken)
    {
        var name = string.Concat(
                (wish ?? "").TakeWhile(c => c != '@').Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-').Take(60)
            )
            .PadRight(3, '0');
        var key = name.ToLowerInvariant();
        return await db.Users.AnyAsync(u => u.UsernameKey == key, cancellationToken) ? $"{name}-{userId}" : name;
    }

    // An address that nobody verified belongs to whoever typed it. Where the email is the user's name at the issuer, an admin has said that
    // it may be believed.
    private static string? VerifiedEmail(IssuerSettings settings, IssuerClaims claims)
    {
        var email = claims.Text("email")?.Trim().ToLowerInvariant();
        var isForm =
            email is not null
            && email.IndexOf('@') > 0
            && !email.EndsWith('@')
            && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
        return
            isForm
            && (
                claims.IsTrue("email_verified") || (settings.UserClaim == "email" && !claims.Claims.TryGetProperty("email_verified", out _))
            )
            ? email
            : null;
    }

    // Hashed, so that the row of a deleted account keeps nothing personal and still keeps the account closed.
    private static string HashOf(string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The issuer takes the role admin from user {UserId}, who is the last one here and keeps it."
        )]
        public static partial void LastAdmin(ILogger logger, string userId);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "A change by a token is stored but not in force here yet; the change feed will try again."
        )]
        public static partial void NotYetInForce(ILogger logger, Exception fault);
    }
}

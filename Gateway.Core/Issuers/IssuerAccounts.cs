using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Accounts;
using Gateway.Core.Changes;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Issuers;

/// <summary>
/// The accounts of an issuer's subjects. A subject is bound to its account once and for all by <see cref="ExternalIdentity"/>: found by
/// an email that the issuer has verified, or made when <c>oidc_create_users</c> says so. Tier, team and role follow the newest token, where
/// a setting names their claim.
/// </summary>
public sealed partial class IssuerAccounts(IDbContextFactory<HubDbContext> databases, ChangeWriter changes, ILogger<IssuerAccounts> logger)
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
                        await FollowAsync(known.User.Id, settings, hash, groups, claims, cancellationToken)
                    )
                    : await BindAsync(settings, hash, groups, claims, cancellationToken);
            }
            catch (DbUpdateException fault) when (attempt < Attempts && changes.IsUniqueViolation(fault))
            {
                // Another first use of the same subject was quicker, or somebody took the name: look again.
            }
        }
    }

    private async Task<string> FollowAsync(
        string userId,
        IssuerSettings settings,
        string hash,
        IssuerGroups groups,
        IssuerClaims claims,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(ChangeActor.System, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        var identity = await change.Db.ExternalIdentities.SingleAsync(
            i => i.Issuer == settings.Issuer && i.SubjectHash == hash,
            cancellationToken
        );
        var user = await change.Db.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        if (claims.IssuedAt < identity.ClaimsIssuedAt || user.DeletedAt is not null)
        {
            return userId;
        }
        identity.ClaimsIssuedAt = UtcTime.ToStored(claims.IssuedAt);
        await ApplyAsync(change, user, groups, cancellationToken);
        await CommitAsync(change, user, "user.changed_by_issuer", settings.Issuer);
        return userId;
    }

    private async Task<IssuerOutcome> BindAsync(
        IssuerSettings settings,
        string hash,
        IssuerGroups groups,
        IssuerClaims claims,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(ChangeActor.System, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        var email = VerifiedEmail(settings, claims);
        var user = email is null
            ? null
            : await change.Db.Users.FirstOrDefaultAsync(u => u.Email == email && u.DeletedAt == null, cancellationToken);
        var action = "user.bound_to_issuer";
        if (user is null)
        {
            if (!settings.CreatesUsers || await NewUserAsync(change, claims, email, groups, cancellationToken) is not { } made)
            {
                return IssuerOutcome.NoAccount;
            }
            (user, action) = (made, "user.created_by_issuer");
            change.Db.Users.Add(user);
        }
        await ApplyAsync(change, user, groups, cancellationToken);
        change.Db.ExternalIdentities.Add(
            new ExternalIdentity
            {
                Issuer = settings.Issuer,
                SubjectHash = hash,
                UserId = user.Id,
                ClaimsIssuedAt = UtcTime.ToStored(claims.IssuedAt),
                CreatedAt = change.Now,
            }
        );
        await CommitAsync(change, user, action, settings.Issuer);
        return new IssuerOutcome(IssuerVerdict.Accepted, user.Id);
    }

    private async Task ApplyAsync(Change change, User user, IssuerGroups groups, CancellationToken cancellationToken)
    {
        var role = user.Role;
        groups.Apply(user);
        if (
            role == Roles.Admin
            && user.Role != Roles.Admin
            && !await change.Db.Users.AnyAsync(
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
            await change
                .Db.Sessions.Where(s => s.UserId == user.Id && s.RevokedAt == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(s => s.RevokedAt, change.Now).SetProperty(s => s.RevokeReason, "role_changed_by_issuer"),
                    cancellationToken
                );
        }
        user.UpdatedAt = change.Now;
    }

    private static async Task CommitAsync(Change change, User user, string action, string issuer)
    {
        change.Audit(action, ChangedEntities.User, user.Id, user, alsoAfter: new Dictionary<string, object?> { ["issuer"] = issuer });
        change.Touch(ChangedEntities.User, user.Id);
        await change.CommitAsync(CancellationToken.None);
    }

    private static async Task<User?> NewUserAsync(
        Change change,
        IssuerClaims claims,
        string? email,
        IssuerGroups groups,
        CancellationToken cancellationToken
    )
    {
        if (await NewAccounts.FindTierAsync(change.Db, groups.TierId, cancellationToken) is not { } tier)
        {
            return null;
        }
        var userId = Guid.CreateVersion7().ToString();
        var username = await Usernames.FindFreeAsync(change.Db, claims.Text("preferred_username") ?? email ?? "", cancellationToken);
        return new User
        {
            Id = userId,
            Email = email ?? $"{userId}@issuer.invalid",
            IsVerified = email is not null,
            Username = username,
            UsernameKey = username,
            Name = claims.Text("name"),
            PasswordHash = "",
            Role = Roles.Customer,
            TierId = tier.Id,
            IsActive = true,
            // A tier that the issuer names needs no approval here.
            FreeTierStatus = groups.TierId is null
                ? await NewAccounts.StatusAsync(change.Db, tier, cancellationToken)
                : FreeTierStatuses.Approved,
            CreatedAt = change.Now,
            UpdatedAt = change.Now,
        };
    }

    // Anybody can type an address that nobody verified. Where the email is the user's name at the issuer, an admin has said that it may be
    // believed.
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
    }
}

using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Texts;
using Gateway.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>
/// Sign-ins and their refresh tokens. A session lives at most 30 days; each refresh token is good for one use, and a second use of one
/// means that two parties hold it: the session ends. Every change of a session begins with an update of its row, whose lock puts parallel
/// ones in order.
/// </summary>
internal sealed class Sessions(ChangeWriter changes, AccessTokens tokens, TokenOptions options)
{
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);

    /// <summary>Opens a session for a user whose password was just checked.</summary>
    /// <param name="user">The user as read when the password was checked.</param>
    /// <param name="newHash">A stronger hash of the same password, or null.</param>
    /// <param name="actor">Who signs in.</param>
    /// <param name="userAgent">The client's name for itself.</param>
    /// <param name="cancellationToken">Until the commit.</param>
    /// <returns>The tokens; null when the password was changed or the account closed in the meantime.</returns>
    public async Task<AuthResponse?> OpenAsync(
        User user,
        string? newHash,
        Actor actor,
        string? userAgent,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor with { UserId = user.Id, Role = user.Role }, cancellationToken);
        var db = change.Db;
        var unchanged = await db
            .Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash && u.IsActive && u.DeletedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.LastLoginAt, change.Now).SetProperty(u => u.PasswordHash, u => newHash ?? u.PasswordHash),
                cancellationToken
            );
        if (unchanged == 0)
        {
            return null;
        }
        var answer = await OpenAsync(change, user.Id, actor, userAgent, cancellationToken);
        change.AuditEvent("auth.login", ChangedEntities.User, user.Id);
        await change.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>Opens a session within a change that has stored the user.</summary>
    public async Task<AuthResponse> OpenAsync(
        Change change,
        string userId,
        Actor actor,
        string? userAgent,
        CancellationToken cancellationToken
    )
    {
        var session = new Session
        {
            Id = NewId(),
            UserId = userId,
            CreatedAt = change.Now,
            LastUsedAt = change.Now,
            ExpiresAt = change.Now + LongestLife,
            Ip = actor.Ip,
            UserAgent = userAgent is null ? null : TextCut.First(userAgent, 255),
        };
        change.Db.Sessions.Add(session);
        return await IssueAsync(change.Db, session, NewToken(change.Db, session, change.Now), change.Now, cancellationToken);
    }

    /// <summary>Spends a refresh token and gives a new pair.</summary>
    /// <param name="claims">A token of ours: a refresh token, or an access token, which stands for the newest refresh token of its
    /// session.</param>
    /// <param name="actor">Who refreshes.</param>
    /// <param name="cancellationToken">Until the commit.</param>
    /// <param name="leeway">How long a spent token stands for its successor, as long as that one was not used; zero: not at all.</param>
    public async Task<(AuthResponse? Tokens, ApiError? Refusal)> RefreshAsync(
        TokenClaims claims,
        Actor actor,
        CancellationToken cancellationToken,
        TimeSpan leeway = default
    )
    {
        await using var change = await changes.BeginAsync(actor with { UserId = claims.UserId }, cancellationToken);
        var db = change.Db;
        var isLive =
            await db
                .Sessions.Where(s =>
                    s.Id == claims.SessionId && s.UserId == claims.UserId && s.RevokedAt == null && s.ExpiresAt > change.Now
                )
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, change.Now), cancellationToken) == 1;
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == claims.UserId && u.DeletedAt == null, cancellationToken);
        if (user is { IsActive: false } || user?.ExpiresAt <= change.Now)
        {
            return (null, ApiError.AccountInactive);
        }
        var spent = await FindAsync(db, claims, cancellationToken);
        if (!isLive || user is null || spent is null)
        {
            return (null, ApiError.RefreshFailed);
        }
        var session = await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == claims.SessionId, cancellationToken);
        // Without leeway never: who waited for the row began before the one who used the token
        var isSpentJustNow = leeway > TimeSpan.Zero && spent.UsedAt + leeway > change.Now;
        if (isSpentJustNow && await FindUnusedAsync(db, spent.ReplacedBy, cancellationToken) is { } successor)
        {
            spent = successor;
        }
        if (spent.UsedAt is not null)
        {
            await RevokeAsync(change, session, "refresh_token_reused", cancellationToken);
            change.AuditEvent("auth.refresh_reused", ChangedEntities.Session, session.Id);
            await change.CommitAsync(cancellationToken);
            return (null, ApiError.RefreshTokenReused);
        }
        if (spent.ExpiresAt <= change.Now)
        {
            return (null, ApiError.RefreshFailed);
        }
        var next = NewToken(db, session, change.Now);
        (spent.UsedAt, spent.ReplacedBy) = (change.Now, next.Id);
        var answer = await IssueAsync(db, session, next, change.Now, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return (answer, null);
    }

    /// <summary>Ends the session of a token, or all sessions of its user. A session that has ended already stays so.</summary>
    public async Task CloseAsync(TokenClaims claims, bool all, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor with { UserId = claims.UserId }, cancellationToken);
        var session = await change
            .Db.Sessions.AsNoTracking()
            .FirstOrDefaultAsync(s => s.Id == claims.SessionId && s.UserId == claims.UserId, cancellationToken);
        if (session is null || !await RevokeAsync(change, session, "logout", cancellationToken))
        {
            return; // an ended session ends no others: its tokens may be in wrong hands
        }
        if (all)
        {
            await RevokeAllAsync(change, claims.UserId, "logout", cancellationToken);
        }
        change.AuditEvent("auth.logout", ChangedEntities.Session, session.Id, new Dictionary<string, object?> { ["all"] = all });
        await change.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Ends every session of a user, or all but one, within a change; the user's own row must have been changed before, so that no sign-in
    /// slips in between.
    /// </summary>
    public static async Task RevokeAllAsync(
        Change change,
        string userId,
        string reason,
        CancellationToken cancellationToken,
        string? exceptId = null
    )
    {
        await change
            .Db.Sessions.Where(s => s.UserId == userId && s.RevokedAt == null && s.Id != exceptId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(s => s.RevokedAt, change.Now).SetProperty(s => s.RevokeReason, reason),
                cancellationToken
            );
        change.Touch(ChangedEntities.User, userId);
    }

    private static async Task<bool> RevokeAsync(Change change, Session session, string reason, CancellationToken cancellationToken)
    {
        var wasLive =
            await change
                .Db.Sessions.Where(s => s.Id == session.Id && s.RevokedAt == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(s => s.RevokedAt, change.Now).SetProperty(s => s.RevokeReason, reason),
                    cancellationToken
                ) == 1;
        change.Touch(ChangedEntities.Session, session.Id);
        return wasLive;
    }

    private static Task<RefreshToken?> FindAsync(HubDbContext db, TokenClaims claims, CancellationToken cancellationToken)
    {
        var ofSession = db.RefreshTokens.Where(t => t.SessionId == claims.SessionId);
        return claims.Kind == TokenKind.Refresh
            ? ofSession.FirstOrDefaultAsync(t => t.Id == claims.TokenId, cancellationToken)
            : ofSession.FirstOrDefaultAsync(t => t.UsedAt == null, cancellationToken); // there is one at most
    }

    private static Task<RefreshToken?> FindUnusedAsync(HubDbContext db, string? id, CancellationToken cancellationToken) =>
        db.RefreshTokens.FirstOrDefaultAsync(t => t.Id == id && t.UsedAt == null, cancellationToken);

    private RefreshToken NewToken(HubDbContext db, Session session, DateTime now)
    {
        var token = new RefreshToken
        {
            Id = NewId(),
            SessionId = session.Id,
            IssuedAt = now,
            ExpiresAt = Earlier(now + options.RefreshTokenLifetime, session.ExpiresAt),
        };
        db.RefreshTokens.Add(token);
        return token;
    }

    private async Task<AuthResponse> IssueAsync(
        HubDbContext db,
        Session session,
        RefreshToken token,
        DateTime now,
        CancellationToken cancellationToken
    )
    {
        var view = await db.UserViewsOf().AsNoTracking().FirstAsync(v => v.User.Id == session.UserId, cancellationToken);
        var access = tokens.IssueAccess(view.User, session.Id);
        var accessEnds = Earlier(now + options.AccessTokenLifetime, session.ExpiresAt);
        return new AuthResponse(
            access,
            access,
            tokens.IssueRefresh(view.User, session.Id, token.Id),
            "bearer",
            (long)(accessEnds - now).TotalSeconds,
            (long)(token.ExpiresAt - now).TotalSeconds,
            UserResponse.From(view)
        );
    }

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    private static string NewId() => Guid.CreateVersion7().ToString();
}

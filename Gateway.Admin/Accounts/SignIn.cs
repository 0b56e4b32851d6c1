using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>
/// Opens sessions: by email and password, of which neither the answer nor the time it takes shows which was wrong, and for those whom an
/// issuer has signed in.
/// </summary>
internal sealed class SignIn(
    IDbContextFactory<HubDbContext> databases,
    Passwords passwords,
    Sessions sessions,
    ChangeWriter changes,
    TimeProvider time
)
{
    public async Task<(AuthResponse? Tokens, ApiError? Refusal)> WithPasswordAsync(
        string email,
        string password,
        Actor actor,
        string? userAgent,
        CancellationToken cancellationToken
    )
    {
        var user = await FindAsync(email, cancellationToken);
        var check = await passwords.CheckAsync(password, user?.PasswordHash, cancellationToken);
        if (user is null || check == PasswordCheck.Wrong)
        {
            await RecordFailureAsync(user, email, actor, cancellationToken);
            return (null, ApiError.InvalidCredentials);
        }
        if (!user.IsActive || user.ExpiresAt <= time.UtcNow())
        {
            await RecordFailureAsync(user, email, actor, cancellationToken);
            return (null, ApiError.AccountInactive);
        }
        var stronger = check == PasswordCheck.RightButWeak ? await passwords.HashAsync(password, cancellationToken) : null;
        return await sessions.OpenAsync(user, stronger, actor, userAgent, cancellationToken) is { } tokens
            ? (tokens, null)
            : (null, ApiError.InvalidCredentials);
    }

    /// <summary>Opens a session for a user whom an issuer has just signed in.</summary>
    public async Task<(AuthResponse? Tokens, ApiError? Refusal)> WithIssuerAsync(
        string userId,
        Actor actor,
        string? userAgent,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == userId, cancellationToken);
        var isOpen = user is { IsActive: true, DeletedAt: null } && !(user.ExpiresAt <= time.UtcNow());
        if (isOpen && await sessions.OpenAsync(user!, newHash: null, actor, userAgent, cancellationToken) is { } tokens)
        {
            return (tokens, null);
        }
        await RecordFailureAsync(user, "", actor, cancellationToken);
        return (null, ApiError.AccountInactive);
    }

    private async Task<User?> FindAsync(string email, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await passwords.LearnImportedAsync(db, cancellationToken);
        return await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Email == email && u.DeletedAt == null, cancellationToken);
    }

    // People type passwords into the wrong box: what is no email address is not written down.
    private async Task RecordFailureAsync(User? user, string email, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var shown = EmailAddress.IsValid(email) ? new Dictionary<string, object?> { ["email"] = email } : null;
        change.AuditEvent("auth.login_failed", ChangedEntities.User, user?.Id ?? "unknown", shown);
        await change.CommitAsync(cancellationToken);
    }
}

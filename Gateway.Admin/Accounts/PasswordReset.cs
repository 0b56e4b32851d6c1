using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Core.Keys;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin;

/// <summary>
/// Gives an account a new password from the machine that the gateway runs on, for operators who cannot sign in any more. All sessions of
/// the account end; running gateways learn of it as of any other change, within <c>CHANGE_POLL_MS</c>. API keys stay as they are.
/// </summary>
public sealed class PasswordReset
{
    /// <summary>The fewest characters of a password.</summary>
    public const int Shortest = 8;

    /// <summary>The most characters of a password.</summary>
    public const int Longest = 128;

    private const int GeneratedLength = 24; // 143 random bits

    private readonly IDbContextFactory<HubDbContext> _databases;
    private readonly ChangeWriter _changes;
    private readonly Passwords _passwords;

    internal PasswordReset(IDbContextFactory<HubDbContext> databases, ChangeWriter changes, Passwords passwords) =>
        (_databases, _changes, _passwords) = (databases, changes, passwords);

    /// <summary>A password that nobody guesses.</summary>
    public static string Generate() => Base62.Random(GeneratedLength);

    /// <summary>The emails of all admins, the oldest account first.</summary>
    public async Task<IReadOnlyList<string>> AdminEmailsAsync(CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Users.Where(u => u.Role == Roles.Admin && u.DeletedAt == null)
            .OrderBy(u => u.CreatedAt)
            .ThenBy(u => u.Id)
            .Select(u => u.Email)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Finds an account by its email or username, in any case of letters.</summary>
    public async Task<ResettableAccount?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var key = name.Trim().ToLowerInvariant();
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Users.Where(u => (u.Email == key || u.UsernameKey == key) && u.DeletedAt == null)
            .Select(u => new ResettableAccount(u.Id, u.Email, u.Role, u.IsActive))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Sets the password, ends all sessions and writes an audit entry (<c>auth.password_reset</c>), in one transaction.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="password">From <see cref="Shortest"/> to <see cref="Longest"/> characters.</param>
    /// <param name="cancellationToken">Until the commit.</param>
    /// <returns>False when the account was deleted in the meantime.</returns>
    /// <exception cref="ArgumentException">The password is too short or too long.</exception>
    public async Task<bool> SetAsync(ResettableAccount account, string password, CancellationToken cancellationToken)
    {
        if (password.Length is < Shortest or > Longest)
        {
            throw new ArgumentException($"A password has {Shortest} to {Longest} characters.", nameof(password));
        }
        var hash = await _passwords.HashAsync(password, cancellationToken); // before the transaction: it takes long
        await using var change = await _changes.BeginAsync(Actor.System, cancellationToken);
        var changed = await change
            .Db.Users.Where(u => u.Id == account.Id && u.DeletedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.PasswordHash, hash).SetProperty(u => u.UpdatedAt, change.Now),
                cancellationToken
            );
        if (changed == 0)
        {
            return false;
        }
        await Sessions.RevokeAllAsync(change, account.Id, "password_reset", cancellationToken);
        change.AuditEvent(
            "auth.password_reset",
            ChangedEntities.User,
            account.Id,
            new Dictionary<string, object?>
            {
                ["source"] = "command line",
                ["system_user"] = Environment.UserName,
                ["machine"] = Environment.MachineName,
            }
        );
        await change.CommitAsync(cancellationToken);
        return true;
    }
}

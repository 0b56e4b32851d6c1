using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace Gateway.Callers;

/// <summary>
/// Keys, users and sessions as calls need them, read through a bounded cache at first use and dropped when the change log names them.
/// Unknown keys are remembered for a short time too, so that guessing does not reach the database each time.
/// </summary>
internal sealed class CallerDirectory(
    IDbContextFactory<HubDbContext> databases,
    DatabaseWatch watch,
    AccessTokens tokens,
    CallerOptions options,
    DatabaseOptions patience
) : IChangeConsumer, IDisposable
{
    private static readonly object Unknown = new();

    private readonly MemoryCache _keys = NewCache(options);
    private readonly MemoryCache _users = NewCache(options);
    private readonly MemoryCache _teams = NewCache(options);
    private readonly MemoryCache _sessions = NewCache(options);
    private readonly MemoryCache _tokens = NewCache(options);
    private long _generation;

    /// <summary>Keys in memory, unknown ones included.</summary>
    public int KeysInMemory => _keys.Count;

    /// <summary>Users in memory.</summary>
    public int UsersInMemory => _users.Count;

    /// <summary>Sessions in memory.</summary>
    public int SessionsInMemory => _sessions.Count;

    /// <summary>Access tokens in memory.</summary>
    public int TokensInMemory => _tokens.Count;

    /// <summary>The key with that public id, or null.</summary>
    /// <exception cref="CallerStoreUnavailableException">It is not in memory and the database is away.</exception>
    public ValueTask<CallingKey?> FindKeyAsync(ReadOnlySpan<char> publicId, CancellationToken cancellationToken) =>
        _keys.TryGetValue(publicId, out object? found)
            ? ValueTask.FromResult(found as CallingKey)
            : ReadKeyAsync(publicId.ToString(), cancellationToken);

    /// <summary>The user with that id, or null.</summary>
    /// <exception cref="CallerStoreUnavailableException">It is not in memory and the database is away.</exception>
    public ValueTask<CallingUser?> FindUserAsync(string userId, CancellationToken cancellationToken) =>
        _users.TryGetValue(userId, out object? found)
            ? ValueTask.FromResult(found as CallingUser)
            : ReadUserAsync(userId, cancellationToken);

    /// <summary>The limits of a team.</summary>
    /// <exception cref="CallerStoreUnavailableException">They are not in memory and the database is away.</exception>
    public ValueTask<ScopeQuotas> FindTeamQuotasAsync(string teamId, CancellationToken cancellationToken) =>
        _teams.TryGetValue(teamId, out ScopeQuotas? found) && found is not null
            ? ValueTask.FromResult(found)
            : ReadTeamAsync(teamId, cancellationToken);

    /// <summary>The id of the user whose access token this is, when the token and its session are good.</summary>
    /// <exception cref="CallerStoreUnavailableException">The session is not in memory and the database is away.</exception>
    public async ValueTask<string?> FindSessionUserAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (!_tokens.TryGetValue(hash, out TokenClaims? claims))
        {
            claims = await tokens.ReadAsync(token);
            if (claims is { IsExpired: false })
            {
                _tokens.Set(hash, claims, Entry());
            }
        }
        if (claims is not { Kind: TokenKind.Access } || tokens.HasExpired(claims))
        {
            return null;
        }
        var user = await FindUserAsync(claims.UserId, cancellationToken);
        return await IsSessionOpenAsync(claims.SessionId, user, cancellationToken) ? claims.UserId : null;
    }

    /// <inheritdoc />
    public Task ResetAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _generation);
        _keys.Clear();
        _users.Clear();
        _teams.Clear();
        _sessions.Clear();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken)
    {
        // First the generation: a read that is under way must not put back what is dropped below.
        Interlocked.Increment(ref _generation);
        foreach (var change in changes)
        {
            switch (change.EntityType)
            {
                case ChangedEntities.ApiKey when change.EntityKey is { } publicId:
                    _keys.Remove(publicId);
                    break;
                case ChangedEntities.User:
                    _users.Remove(change.EntityId); // and with it what is known of the user's sessions: all may have ended
                    break;
                case ChangedEntities.Team:
                    _teams.Remove(change.EntityId);
                    break;
                case ChangedEntities.Session:
                    _sessions.Remove(change.EntityId);
                    break;
                case ChangedEntities.ApiKey:
                    _keys.Clear();
                    break;
            }
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _keys.Dispose();
        _users.Dispose();
        _teams.Dispose();
        _sessions.Dispose();
        _tokens.Dispose();
    }

    private async ValueTask<CallingKey?> ReadKeyAsync(string publicId, CancellationToken cancellationToken)
    {
        var generation = Interlocked.Read(ref _generation);
        var (key, user) = await ReadAsync(db => ReadKeyAsync(db, publicId, cancellationToken));
        if (generation == Interlocked.Read(ref _generation))
        {
            if (key is not null)
            {
                _keys.Set(publicId, key, Entry());
            }
            else if (options.UnknownKeyCacheTime > TimeSpan.Zero)
            {
                _keys.Set(publicId, Unknown, UnknownEntry(options.UnknownKeyCacheTime));
            }
            if (user is not null)
            {
                _users.Set(user.Id, user, Entry());
            }
        }
        return key;
    }

    private async ValueTask<CallingUser?> ReadUserAsync(string userId, CancellationToken cancellationToken)
    {
        var generation = Interlocked.Read(ref _generation);
        var user = await ReadAsync(db => ReadUserAsync(db, userId, cancellationToken));
        if (user is not null && generation == Interlocked.Read(ref _generation))
        {
            _users.Set(userId, user, Entry());
        }
        return user;
    }

    private async ValueTask<ScopeQuotas> ReadTeamAsync(string teamId, CancellationToken cancellationToken)
    {
        var generation = Interlocked.Read(ref _generation);
        var quotas = await ReadAsync(async db =>
            ScopeQuotas.From(
                await db.RateLimits.AsNoTracking().Where(l => l.TeamId == teamId).ToListAsync(cancellationToken),
                await db.Budgets.AsNoTracking().Where(b => b.TeamId == teamId).ToListAsync(cancellationToken)
            )
        );
        if (generation == Interlocked.Read(ref _generation))
        {
            _teams.Set(teamId, quotas, Entry());
        }
        return quotas;
    }

    // A key and its user are nearly always used together: one join, and their limits by index.
    private static async Task<(CallingKey? Key, CallingUser? User)> ReadKeyAsync(
        HubDbContext db,
        string publicId,
        CancellationToken cancellationToken
    )
    {
        var row = await (
            from k in db.ApiKeys.AsNoTracking()
            join u in db.Users.AsNoTracking() on k.UserId equals u.Id
            join t in db.Tiers.AsNoTracking() on u.TierId equals t.Id
            where k.PublicId == publicId
            select new
            {
                Key = k,
                User = u,
                t.IsFree,
            }
        ).FirstOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return (null, null);
        }
        var (keyId, userId) = (row.Key.Id, row.User.Id);
        var rates = await db.RateLimits.AsNoTracking().Where(l => l.ApiKeyId == keyId || l.UserId == userId).ToListAsync(cancellationToken);
        var budgets = await db.Budgets.AsNoTracking().Where(b => b.ApiKeyId == keyId || b.UserId == userId).ToListAsync(cancellationToken);
        return (
            Describe(row.Key) with
            {
                Quotas = ScopeQuotas.From(rates.Where(l => l.ApiKeyId is not null), budgets.Where(b => b.ApiKeyId is not null)),
            },
            DescribeWithLimits(row.User, row.IsFree, rates.Where(l => l.ApiKeyId is null), [.. budgets.Where(b => b.ApiKeyId is null)])
        );
    }

    private static async Task<CallingUser?> ReadUserAsync(HubDbContext db, string userId, CancellationToken cancellationToken)
    {
        var row = await (
            from u in db.Users.AsNoTracking()
            join t in db.Tiers.AsNoTracking() on u.TierId equals t.Id
            where u.Id == userId
            select new { User = u, t.IsFree }
        ).FirstOrDefaultAsync(cancellationToken);
        return row is null
            ? null
            : DescribeWithLimits(
                row.User,
                row.IsFree,
                await db.RateLimits.AsNoTracking().Where(l => l.UserId == userId).ToListAsync(cancellationToken),
                await db.Budgets.AsNoTracking().Where(b => b.UserId == userId).ToListAsync(cancellationToken)
            );
    }

    private static CallingUser DescribeWithLimits(
        User user,
        bool tierIsFree,
        IEnumerable<RateLimitRow> rates,
        IReadOnlyList<BudgetRow> budgets
    ) =>
        Describe(user, tierIsFree) with
        {
            Quotas = ScopeQuotas.From(rates, budgets).WithMonthlyTokens(user.Id, user.MonthlyTokenLimit),
            HasDefaultBudget = DefaultBudget.Binds(user.Role, budgets),
        };

    // What was read of a session holds as long as the user that was in memory then.
    private async ValueTask<bool> IsSessionOpenAsync(string sessionId, CallingUser? user, CancellationToken cancellationToken)
    {
        if (_sessions.TryGetValue(sessionId, out SessionOfUser? known) && user is not null && ReferenceEquals(known?.User, user))
        {
            return known.IsOpen;
        }
        var generation = Interlocked.Read(ref _generation);
        var open = await ReadAsync(db => db.Sessions.AnyAsync(s => s.Id == sessionId && s.RevokedAt == null, cancellationToken));
        if (user is not null && generation == Interlocked.Read(ref _generation))
        {
            _sessions.Set(sessionId, new SessionOfUser(user, open), Entry());
        }
        return open;
    }

    private async Task<T> ReadAsync<T>(Func<HubDbContext, Task<T>> read)
    {
        if (!await watch.AnswersAsync())
        {
            throw new CallerStoreUnavailableException(new TimeoutException("The database did not answer when it was last looked at."));
        }
        try
        {
            // A database that hangs keeps what was asked of it, not who asked.
            return await Task.Run(() => AskAsync(read)).WaitAsync(patience.DatabaseWait);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            throw new CallerStoreUnavailableException(fault);
        }
    }

    private async Task<T> AskAsync<T>(Func<HubDbContext, Task<T>> read)
    {
        DatabasePatience.Set(patience.DatabaseWait);
        return await DatabaseReads.RunAsync(async () =>
        {
            await using var db = await databases.CreateDbContextAsync();
            return await read(db);
        });
    }

    private static CallingKey Describe(ApiKey key) =>
        new(
            key.Id,
            key.PublicId,
            Convert.FromHexString(key.SecretHash),
            key.Name,
            key.UserId,
            key.TeamId,
            !key.IsActive || key.DeletedAt is not null,
            key.ExpiresAt,
            key.Models
        )
        {
            PreviousSecretHash = key.PreviousSecretHash is { } previous ? Convert.FromHexString(previous) : null,
            PreviousSecretEndsAt = key.PreviousSecretEndsAt,
            AllowedNetworks = key.AllowedIps.Count == 0 ? null : [.. key.AllowedIps.Select(NetworkOf).OfType<IPNetwork>()],
        };

    private static IPNetwork? NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static CallingUser Describe(User user, bool tierIsFree) =>
        new(
            user.Id,
            user.TierId,
            user.TeamId,
            user.IsActive && user.DeletedAt is null,
            user.FreeTierStatus is FreeTierStatuses.Approved or FreeTierStatuses.None,
            user.IsGuest ? user.ExpiresAt : null
        )
        {
            BillingMode = user.BillingMode,
            TierIsFree = tierIsFree,
        };

    private sealed record SessionOfUser(CallingUser User, bool IsOpen);

    private static MemoryCache NewCache(CallerOptions options) =>
        new(new MemoryCacheOptions { SizeLimit = options.CallerCacheSize, CompactionPercentage = 0.05 });

    // Who comes back later is read again: who was away so long has no counters and accounts in memory either.
    private MemoryCacheEntryOptions Entry() => new() { Size = 1, SlidingExpiration = options.CallerIdleTime };

    // Guessed keys make room first: they must not drive out those that are in use.
    private static MemoryCacheEntryOptions UnknownEntry(TimeSpan lifetime) =>
        new()
        {
            Size = 1,
            AbsoluteExpirationRelativeToNow = lifetime,
            Priority = CacheItemPriority.Low,
        };
}

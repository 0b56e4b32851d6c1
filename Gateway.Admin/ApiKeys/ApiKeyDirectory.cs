using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.Settings;
using Gateway.Core.Keys;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>Makes, changes, renews and ends keys. To others than its owner and admins a key does not exist.</summary>
internal sealed class ApiKeyDirectory(ChangeWriter changes, KeyMirror mirror)
{
    public static readonly ApiError NotFound = ApiError.NotFound("API key not found");

    public async Task<(CreatedApiKeyResponse? Key, ApiError? Refusal)> CreateAsync(
        string userId,
        NewKey wish,
        SignedInCaller caller,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var secret = ApiKeyText.Create();
        var key = NewRow(userId, wish.Name, secret, now: default);
        key.TeamId = wish.TeamId;
        AdminKeyLimits.Apply(key, wish, isActive: default, caller);
        if (mirror.IsOn && await RegisterAsync(key, secret, caller, cancellationToken) is { } early)
        {
            return (null, early);
        }
        var (created, refusal) = await StoreAsync(key, secret, wish, caller, actor, cancellationToken);
        if (key.ExternalId is { } token)
        {
            await (refusal is null ? mirror.BlockInactiveAsync(key.Id) : mirror.RemoveAsync(key.Id, token));
        }
        return (created, refusal);
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(
        string id,
        ApiKeyUpdate wish,
        SignedInCaller caller,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await LockAsync(change.Db, id, caller, cancellationToken) is not { } key)
        {
            return NotFound;
        }
        if (AdminKeyLimits.Apply(key, wish, wish.IsActive, caller) is { } loosened)
        {
            return loosened;
        }
        if ((await KeyBudget.SetAsync(change, key, wish.Budget, caller, cancellationToken)).Refusal is { } refusal)
        {
            return refusal;
        }
        (key.Name, key.UpdatedAt) = (wish.Name.Or(key.Name), change.Now);
        change.Audit("api_key.updated", ChangedEntities.ApiKey, key.Id, key);
        change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
        await change.CommitAsync(cancellationToken);
        await mirror.UpdateAsync(key.Id);
        return null;
    }

    /// <summary>Gives a key a new secret. Id, limits, budgets and counters stay; the old secret works on for the overlap.</summary>
    /// <returns>The new key's text, or null when there is no such key.</returns>
    public async Task<string?> RotateAsync(
        string id,
        TimeSpan overlap,
        SignedInCaller caller,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        NewApiKey? renewed = null;
        string? mirrored = null;
        if (mirror.IsOn)
        {
            if (await LookAsync(db => FindAsync(db, id, caller, cancellationToken), cancellationToken) is not { } standing)
            {
                return null;
            }
            renewed = ApiKeyText.Renew(standing.PublicId);
            mirrored = await mirror.RegisterAsync(standing, renewed.Text, cancellationToken);
        }
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await LockAsync(change.Db, id, caller, cancellationToken) is not { } key)
        {
            return null;
        }
        renewed ??= ApiKeyText.Renew(key.PublicId);
        var overlaps = overlap > TimeSpan.Zero;
        (key.PreviousSecretHash, key.PreviousSecretEndsAt) = (overlaps ? key.SecretHash : null, overlaps ? change.Now + overlap : null);
        (key.SecretHash, key.Preview, key.UpdatedAt) = (renewed.SecretHash, renewed.Preview, change.Now);
        var before = key.ExternalId;
        key.ExternalId = mirrored ?? before;
        change.Audit("api_key.rotated", ChangedEntities.ApiKey, key.Id, key);
        change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
        await change.CommitAsync(cancellationToken);
        if (mirrored is not null)
        {
            await mirror.BlockInactiveAsync(key.Id);
        }
        if (mirrored is not null && before is not null)
        {
            await mirror.RemoveAsync(key.Id, before); // the overlap is the gateway's alone
        }
        return renewed.Text;
    }

    /// <summary>Ends a key at once. Its row stays, because ledger entries name it.</summary>
    /// <returns>False when there is no such key.</returns>
    public async Task<bool> DeleteAsync(string id, SignedInCaller caller, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await LockAsync(change.Db, id, caller, cancellationToken) is not { } key)
        {
            return false;
        }
        (key.IsActive, key.DeletedAt, key.UpdatedAt) = (false, change.Now, change.Now);
        change.Audit("api_key.deleted", ChangedEntities.ApiKey, key.Id, key);
        change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
        await change.CommitAsync(cancellationToken);
        if (key.ExternalId is { } token)
        {
            await mirror.RemoveAsync(key.Id, token);
        }
        return true;
    }

    /// <summary>The row of a new key that may call every model for ever.</summary>
    public static ApiKey NewRow(string userId, string name, NewApiKey secret, DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            Name = name,
            PublicId = secret.PublicId,
            SecretHash = secret.SecretHash,
            Preview = secret.Preview,
            IsActive = true,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>Adds a new key to a change.</summary>
    public static void Add(Change change, ApiKey key)
    {
        change.Db.ApiKeys.Add(key);
        change.Audit("api_key.created", ChangedEntities.ApiKey, key.Id, key);
        change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
    }

    // Locked before it is read: of two who end or renew it at once, the second sees what the first did.
    private static async Task<ApiKey?> LockAsync(HubDbContext db, string id, SignedInCaller caller, CancellationToken cancellationToken)
    {
        await db
            .ApiKeys.Where(k => k.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.UpdatedAt, k => k.UpdatedAt), cancellationToken);
        return await FindAsync(db, id, caller, cancellationToken);
    }

    private static Task<ApiKey?> FindAsync(HubDbContext db, string id, SignedInCaller caller, CancellationToken cancellationToken) =>
        db.ApiKeys.FirstOrDefaultAsync(
            k => k.Id == id && k.DeletedAt == null && (caller.IsAdmin || k.UserId == caller.UserId),
            cancellationToken
        );

    private async Task<ApiError?> RegisterAsync(ApiKey key, NewApiKey secret, SignedInCaller caller, CancellationToken cancellationToken)
    {
        if (await LookAsync(db => RefusalAsync(db, key.UserId, key.TeamId, caller, cancellationToken), cancellationToken) is { } refusal)
        {
            return refusal;
        }
        key.ExternalId = await mirror.RegisterAsync(key, secret.Text, cancellationToken);
        return null;
    }

    // LiteLLM is not asked for what is refused here, and not within a transaction that keeps others from writing.
    private async Task<T> LookAsync<T>(Func<HubDbContext, Task<T>> look, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(Actor.System, cancellationToken);
        return await look(change.Db);
    }

    private static async Task<ApiError?> RefusalAsync(
        HubDbContext db,
        string userId,
        string? teamId,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
    {
        var owner = await db
            .Users.Where(u => u.Id == userId && u.DeletedAt == null)
            .Join(
                db.Tiers,
                u => u.TierId,
                t => t.Id,
                (u, t) =>
                    new
                    {
                        u.FreeTierStatus,
                        t.IsFree,
                        u.TeamId,
                    }
            )
            .FirstOrDefaultAsync(cancellationToken);
        if (owner is null)
        {
            return ApiError.UserNotFound;
        }
        if (owner is { IsFree: true, FreeTierStatus: FreeTierStatuses.Pending or FreeTierStatuses.Rejected })
        {
            return ApiError.ApprovalRequired;
        }
        return teamId is not null ? await TeamRefusalAsync(db, teamId, owner.TeamId, caller, cancellationToken) : null;
    }

    private async Task<(CreatedApiKeyResponse? Key, ApiError? Refusal)> StoreAsync(
        ApiKey key,
        NewApiKey secret,
        NewKey wish,
        SignedInCaller caller,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await RefusalAsync(change.Db, key.UserId, wish.TeamId, caller, cancellationToken) is { } no)
        {
            return (null, no);
        }
        (key.CreatedAt, key.UpdatedAt) = (change.Now, change.Now);
        var (caps, fault) = await KeyBudget.SetAsync(change, key, wish.Budget, caller, cancellationToken);
        if (fault is not null)
        {
            return (null, fault);
        }
        Add(change, key);
        var refusal = await change.CommitAsync(cancellationToken, db => AtMostAllowedAsync(db, key.UserId, cancellationToken));
        return refusal is null ? (new CreatedApiKeyResponse(ApiKeyResponse.From(key, caps, []), secret.Text), null) : (null, refusal);
    }

    // A key of a team spends the team's money: only an admin, or a member for the own team, may make one.
    private static async Task<ApiError?> TeamRefusalAsync(
        HubDbContext db,
        string teamId,
        string? ownTeamId,
        SignedInCaller caller,
        CancellationToken cancellationToken
    ) =>
        !caller.IsAdmin && teamId != ownTeamId ? ApiError.Forbidden
        : await db.Teams.AnyAsync(t => t.Id == teamId, cancellationToken) ? null
        : ApiError.NotFound("Team not found");

    private static async Task<ApiError?> AtMostAllowedAsync(HubDbContext db, string userId, CancellationToken cancellationToken)
    {
        var maximum = await HubSettings.MaxApiKeysPerUser.ReadWholeAsync(db, cancellationToken);
        return await db.ApiKeys.CountAsync(k => k.UserId == userId && k.DeletedAt == null, cancellationToken) > maximum
            ? ApiError.Conflict($"A user has at most {maximum} API keys")
            : null;
    }
}

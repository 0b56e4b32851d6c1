using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Settings;
using Gateway.Core.Keys;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>Makes, changes, renews and ends keys. To others than its owner and admins a key does not exist.</summary>
internal sealed class ApiKeyDirectory(ChangeWriter changes)
{
    public static readonly ApiError NotFound = ApiError.NotFound("API key not found");

    public async Task<(CreatedApiKeyResponse? Key, ApiError? Refusal)> CreateAsync(string userId, NewApiKeyWish wish, Caller caller, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var owner = await change.Db.Users.Where(u => u.Id == userId && u.DeletedAt == null)
            .Join(change.Db.Tiers, u => u.TierId, t => t.Id, (u, t) => new { u.FreeTierStatus, t.IsFree, u.TeamId })
            .FirstOrDefaultAsync(cancellationToken);
        if (owner is null)
        {
            return (null, ApiError.UserNotFound);
        }
        if (owner is { IsFree: true, FreeTierStatus: FreeTierStatuses.Pending or FreeTierStatuses.Rejected })
        {
            return (null, ApiError.ApprovalRequired);
        }
        if (wish.TeamId is { } teamId && await TeamRefusalAsync(change.Db, teamId, owner.TeamId, caller, cancellationToken) is { } noTeam)
        {
            return (null, noTeam);
        }
        var secret = ApiKeyText.Create();
        var key = NewRow(userId, wish.Name, secret, change.Now);
        (key.TeamId, key.ExpiresAt, key.Models, key.AllowedIps) = (wish.TeamId, wish.ExpiresAt, wish.Models, wish.AllowedIps);
        Add(change, key);
        var budget = await KeyBudget.SetAsync(change, key.Id, wish.Budget, caller.IsAdmin, cancellationToken);
        var refusal = budget.Refusal ?? await change.CommitAsync(cancellationToken, db => AtMostAllowedAsync(db, userId, cancellationToken));
        return refusal is null ? (new CreatedApiKeyResponse(ApiKeyResponse.From(key, budget.Row, null, []), secret.Text), null) : (null, refusal);
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, ApiKeyUpdate wish, Caller caller, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await LockAsync(change.Db, id, caller, cancellationToken) is not { } key)
        {
            return NotFound;
        }
        key.Name = wish.Name.Or(key.Name);
        key.IsActive = wish.IsActive.Or(key.IsActive);
        key.Models = wish.Models.Or(key.Models) ?? [];
        key.AllowedIps = wish.AllowedIps.Or(key.AllowedIps) ?? [];
        key.ExpiresAt = wish.ExpiresAt.Or(key.ExpiresAt);
        key.UpdatedAt = change.Now;
        change.Audit("api_key.updated", ChangedEntities.ApiKey, key.Id, key);
        change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
        await change.Db.SaveChangesAsync(cancellationToken);   // the key's row first: its lock keeps two changes of one cap apart
        return (await KeyBudget.SetAsync(change, key.Id, wish.Budget, caller.IsAdmin, cancellationToken)).Refusal ?? await change.CommitAsync(cancellationToken);
    }

    /// <summary>Gives a key a new secret. Id, limits, budgets and counters stay; the old secret works on for the overlap.</summary>
    /// <returns>The new key's text, or null when there is no such key.</returns>
    public async Task<string?> RotateAsync(string id, TimeSpan overlap, Caller caller, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await LockAsync(change.Db, id, caller, cancellationToken) is not { } key)
        {
            return null;
        }
        var renewed = ApiKeyText.Renew(key.PublicId);
        var overlaps = overlap > TimeSpan.Zero;
        (key.PreviousSecretHash, key.PreviousSecretEndsAt) = (overlaps ? key.SecretHash : null, overlaps ? change.Now + overlap : null);
        (key.SecretHash, key.Preview, key.UpdatedAt) = (renewed.SecretHash, renewed.Preview, change.Now);
        change.Audit("api_key.rotated", ChangedEntities.ApiKey, key.Id, key);
        change.Touch(ChangedEntities.ApiKey, key.Id, key.PublicId);
        await change.CommitAsync(cancellationToken);
        return renewed.Text;
    }

    /// <summary>Ends a key at once. Its row stays, because usage records name it.</summary>
    /// <returns>False when there is no such key.</returns>
    public async Task<bool> DeleteAsync(string id, Caller caller, Actor actor, CancellationToken cancellationToken)
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
        return true;
    }

    /// <summary>The row of a new key that may call every model for ever.</summary>
    public static ApiKey NewRow(string userId, string name, NewApiKey secret, DateTime now) => new()
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
    private static async Task<ApiKey?> LockAsync(HubDbContext db, string id, Caller caller, CancellationToken cancellationToken)
    {
        await db.ApiKeys.Where(k => k.Id == id).ExecuteUpdateAsync(set => set.SetProperty(k => k.UpdatedAt, k => k.UpdatedAt), cancellationToken);
        return await db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id && k.DeletedAt == null && (caller.IsAdmin || k.UserId == caller.UserId), cancellationToken);
    }

    // A key of a team spends the team's money: only an admin, or a member for the own team, may make one.
    private static async Task<ApiError?> TeamRefusalAsync(HubDbContext db, string teamId, string? ownTeamId, Caller caller, CancellationToken cancellationToken) =>
        !caller.IsAdmin && teamId != ownTeamId ? ApiError.Forbidden
        : await db.Teams.AnyAsync(t => t.Id == teamId, cancellationToken) ? null : ApiError.NotFound("Team not found");

    private static async Task<ApiError?> AtMostAllowedAsync(HubDbContext db, string userId, CancellationToken cancellationToken)
    {
        var maximum = await StoredSettings.ReadWholeAsync(db, StoredSettings.MaxApiKeysPerUser, cancellationToken);
        return await db.ApiKeys.CountAsync(k => k.UserId == userId && k.DeletedAt == null, cancellationToken) > maximum
            ? ApiError.Conflict($"A user has at most {maximum} API keys")
            : null;
    }
}

/// <summary>A key to be made.</summary>
internal sealed record NewApiKeyWish(string Name, string? TeamId, DateTime? ExpiresAt, List<string> Models, List<string> AllowedIps, KeyBudgetWish Budget);

/// <summary>What is to change of a key.</summary>
internal sealed record ApiKeyUpdate(
    Sent<string> Name, Sent<bool> IsActive, Sent<List<string>?> Models, Sent<List<string>?> AllowedIps, Sent<DateTime?> ExpiresAt, KeyBudgetWish Budget);

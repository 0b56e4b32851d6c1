using System.Globalization;
using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Keys;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>Makes and ends keys.</summary>
internal sealed class ApiKeyDirectory(ChangeWriter changes)
{
    private const string MaximumSetting = "max_api_keys_per_user";
    private const int DefaultMaximum = 100;

    public async Task<(CreatedApiKeyResponse? Key, ApiError? Refusal)> CreateAsync(string userId, NewApiKeyWish wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var owner = await change.Db.Users.Where(u => u.Id == userId && u.DeletedAt == null)
            .Join(change.Db.Tiers, u => u.TierId, t => t.Id, (u, t) => new { u.FreeTierStatus, t.IsFree })
            .FirstOrDefaultAsync(cancellationToken);
        if (owner is null)
        {
            return (null, ApiError.UserNotFound);
        }
        if (owner is { IsFree: true, FreeTierStatus: FreeTierStatuses.Pending or FreeTierStatuses.Rejected })
        {
            return (null, ApiError.ApprovalRequired);
        }
        var secret = ApiKeyText.Create();
        var key = NewRow(userId, wish.Name, secret, change.Now);
        (key.ExpiresAt, key.Models) = (wish.ExpiresAt, wish.Models);
        Add(change, key);
        if (await change.CommitAsync(cancellationToken, db => AtMostAllowedAsync(db, userId, cancellationToken)) is { } refusal)
        {
            return (null, refusal);
        }
        return (new CreatedApiKeyResponse(ApiKeyResponse.From(key, null, []), secret.Text), null);
    }

    /// <summary>Ends a key at once. Its row stays, because usage records name it.</summary>
    /// <returns>False when there is no such key, or it is not the caller's to end: to others it does not exist.</returns>
    public async Task<bool> DeleteAsync(string id, Caller caller, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var key = await change.Db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id && k.DeletedAt == null && (caller.IsAdmin || k.UserId == caller.UserId), cancellationToken);
        if (key is null)
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

    private static async Task<ApiError?> AtMostAllowedAsync(HubDbContext db, string userId, CancellationToken cancellationToken)
    {
        var text = await db.Settings.Where(s => s.Key == MaximumSetting).Select(s => s.Value).FirstOrDefaultAsync(cancellationToken);
        var maximum = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : DefaultMaximum;
        return await db.ApiKeys.CountAsync(k => k.UserId == userId && k.DeletedAt == null, cancellationToken) > maximum
            ? ApiError.Conflict($"A user has at most {maximum} API keys")
            : null;
    }
}

/// <summary>A key to be made.</summary>
internal sealed record NewApiKeyWish(string Name, DateTime? ExpiresAt, List<string> Models);

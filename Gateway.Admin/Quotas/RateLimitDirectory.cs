using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>Makes, changes and ends rate limits: one for each scope and model.</summary>
internal sealed class RateLimitDirectory(ChangeWriter changes)
{
    public static readonly ApiError NotFound = ApiError.NotFound("Rate limit not found");

    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(NewRateLimit wish, Actor actor, CancellationToken cancellationToken)
    {
        var target = wish.ToTarget()!;
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await target.TouchAsync(change, ChangedEntities.RateLimit, cancellationToken) is { } missing)
        {
            return (null, missing);
        }
        var row = new RateLimitRow
        {
            Id = Guid.CreateVersion7().ToString(),
            TierId = target.TierId,
            UserId = target.UserId,
            TeamId = target.TeamId,
            ApiKeyId = target.ApiKeyId,
            ModelId = target.ModelId,
            ScopeKey = target.Key,
            Mode = QuotaMode.Enforce.ToName(),
            CreatedAt = change.Now,
        };
        Apply(wish, row, change.Now);
        change.Db.RateLimits.Add(row);
        change.Audit("rate_limit.created", ChangedEntities.RateLimit, row.Id, row);
        try
        {
            return (row.Id, await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken)));
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return (null, ApiError.RateLimitExists);
        }
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, RateLimitUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.RateLimits.FirstOrDefaultAsync(l => l.Id == id, cancellationToken) is not { } row)
        {
            return NotFound;
        }
        Apply(wish, row, change.Now);
        change.Audit("rate_limit.updated", ChangedEntities.RateLimit, id, row);
        await TouchAsync(change, row, cancellationToken);
        return await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken));
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.RateLimits.FirstOrDefaultAsync(l => l.Id == id, cancellationToken) is not { } row)
        {
            return NotFound;
        }
        change.Db.RateLimits.Remove(row);
        change.Audit("rate_limit.deleted", ChangedEntities.RateLimit, id, row);
        await TouchAsync(change, row, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    // Whether the scope still exists does not matter here: its limit may be changed and taken away all the same.
    private static async Task TouchAsync(Change change, RateLimitRow row, CancellationToken cancellationToken)
    {
        if (QuotaTarget.Of(row) is { } target)
        {
            await target.TouchAsync(change, ChangedEntities.RateLimit, cancellationToken);
        }
    }

    private static void Apply(RateLimitUpdate wish, RateLimitRow row, DateTime now)
    {
        row.RequestsPerMinute = wish.RequestsPerMinute.Or(row.RequestsPerMinute);
        row.RequestsPerDay = wish.RequestsPerDay.Or(row.RequestsPerDay);
        row.TokensPerMinute = wish.TokensPerMinute.Or(row.TokensPerMinute);
        row.TokensPerDay = wish.TokensPerDay.Or(row.TokensPerDay);
        row.MaxConcurrent = wish.MaxConcurrent.Or(row.MaxConcurrent);
        row.Mode = wish.Mode.Or(row.Mode);
        row.UpdatedAt = now;
    }
}

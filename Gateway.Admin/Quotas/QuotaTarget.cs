using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>What a rate limit or budget is over: a tier's model, a user, a team or a key.</summary>
/// <param name="Scope">The kind.</param>
/// <param name="Id">The tier, user, team or key.</param>
/// <param name="ModelId">Only this model; null: all.</param>
internal sealed record QuotaTarget(QuotaScope Scope, string Id, string? ModelId)
{
    /// <summary>The names of scopes in queries.</summary>
    public static IReadOnlyList<string> ScopeNames { get; } = [.. Enum.GetValues<QuotaScope>().Select(s => s.ToName())];

    public string? TierId => Scope == QuotaScope.TierModel ? Id : null;

    public string? UserId => Scope == QuotaScope.User ? Id : null;

    public string? TeamId => Scope == QuotaScope.Team ? Id : null;

    public string? ApiKeyId => Scope == QuotaScope.ApiKey ? Id : null;

    /// <summary>Scope and model as one text: there is one rate limit for each.</summary>
    public string Key => $"{Scope.ToName()}:{Id}:{ModelId ?? "*"}";

    /// <summary>What a row is over; null when it binds nobody.</summary>
    public static QuotaTarget? Of(RateLimitRow row) => Of(row.TierId, row.UserId, row.TeamId, row.ApiKeyId, row.ModelId);

    /// <inheritdoc cref="Of(RateLimitRow)" />
    public static QuotaTarget? Of(BudgetRow row) => Of(row.TierId, row.UserId, row.TeamId, row.ApiKeyId, row.ModelId);

    /// <summary>
    /// Names in a change who has to be read again: of a tier the limits, else the key, user or team itself, because its limits are kept
    /// with it.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="tierEntity"><see cref="ChangedEntities.RateLimit"/> or <see cref="ChangedEntities.Budget"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>404 when the tier, model, user, team or key does not exist.</returns>
    public async Task<ApiError?> TouchAsync(Change change, string tierEntity, CancellationToken cancellationToken)
    {
        var missing = await TouchScopeAsync(change, tierEntity, cancellationToken);
        return missing is null && ModelId is not null && !await change.Db.Models.AnyAsync(m => m.Id == ModelId, cancellationToken)
            ? ApiError.ModelNotFound
            : missing;
    }

    private async Task<ApiError?> TouchScopeAsync(Change change, string tierEntity, CancellationToken cancellationToken)
    {
        var db = change.Db;
        switch (Scope)
        {
            case QuotaScope.TierModel:
                change.Touch(tierEntity, Id);
                return await db.Tiers.AnyAsync(t => t.Id == Id, cancellationToken) ? null : ApiError.TierNotFound;
            case QuotaScope.User:
                change.Touch(ChangedEntities.User, Id);
                return await db.Users.AnyAsync(u => u.Id == Id && u.DeletedAt == null, cancellationToken) ? null : ApiError.UserNotFound;
            case QuotaScope.Team:
                change.Touch(ChangedEntities.Team, Id);
                return await db.Teams.AnyAsync(t => t.Id == Id, cancellationToken) ? null : ApiError.NotFound("Team not found");
            default:
                var publicId = await db
                    .ApiKeys.Where(k => k.Id == Id && k.DeletedAt == null)
                    .Select(k => k.PublicId)
                    .FirstOrDefaultAsync(cancellationToken);
                change.Touch(ChangedEntities.ApiKey, Id, publicId);
                return publicId is null ? ApiError.NotFound("API key not found") : null;
        }
    }

    private static QuotaTarget? Of(string? tierId, string? userId, string? teamId, string? apiKeyId, string? modelId) =>
        apiKeyId is not null ? new QuotaTarget(QuotaScope.ApiKey, apiKeyId, modelId)
        : userId is not null ? new QuotaTarget(QuotaScope.User, userId, modelId)
        : teamId is not null ? new QuotaTarget(QuotaScope.Team, teamId, modelId)
        : tierId is not null ? new QuotaTarget(QuotaScope.TierModel, tierId, modelId)
        : null;
}

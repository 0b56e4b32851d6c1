using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.ApiKeys;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;
using Gateway.Core;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// The keys that the admin pages show as LiteLLM's where no LiteLLM is set (driver <c>local</c>) or it has no database: the gateway's own,
/// in the same form. Their <c>token</c> is the key's id here.
/// </summary>
internal sealed class LocalKeys(
    ApiKeyDirectory keys,
    LiteLlmEndpoint endpoint,
    PolicySource policy,
    UpstreamOptions options,
    IDbContextFactory<HubDbContext> databases
)
{
    private const int MostShown = 1_000;

    /// <summary>Whether there is no LiteLLM that keeps keys: only the sandbox, or other upstreams.</summary>
    public bool AreInUse => options.LiteLlmBaseUrls.Count == 0 && (endpoint.BaseAddress is not null || policy.Current.Upstreams.Count > 0);

    /// <summary>As LiteLLM answers <c>/user/info</c>: the newest keys of one user, or of all.</summary>
    public async Task<JsonElement> ReadAsync(string? userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db
            .ApiKeys.AsNoTracking()
            .Where(k => k.DeletedAt == null && (userId == null || k.UserId == userId))
            .OrderByDescending(k => k.Id) // ids follow time
            .Take(MostShown)
            .ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(k => k.Id);
        var spent = await db
            .ApiKeyUsage.Where(u => ids.Contains(u.ApiKeyId))
            .GroupBy(u => u.ApiKeyId)
            .Select(g => new
            {
                Id = g.Key,
                High = g.Sum(u => u.TotalCostNanoUsd / Saturating.Half),
                Low = g.Sum(u => u.TotalCostNanoUsd % Saturating.Half),
            })
            .ToDictionaryAsync(u => u.Id, u => Saturating.OfHalves(u.High, u.Low), cancellationToken);
        var caps = (
            await db.Budgets.AsNoTracking().Where(b => ids.Contains(b.ApiKeyId!) && b.EndUser == null).ToListAsync(cancellationToken)
        )
            .GroupBy(b => b.ApiKeyId!)
            .ToDictionary(g => g.Key, g => g.Min(b => b.MaxBudgetNanoUsd));
        var shown = rows.Select(k => new
            {
                Token = k.Id,
                KeyName = k.Preview,
                KeyAlias = k.Name,
                k.UserId,
                k.TeamId,
                Expires = k.ExpiresAt,
                k.Models,
                Blocked = !k.IsActive,
                k.CreatedAt,
                k.UpdatedAt,
                Spend = Money.UsdOf(spent.GetValueOrDefault(k.Id)),
                MaxBudget = caps.TryGetValue(k.Id, out var cap) ? Money.UsdOf(cap) : (decimal?)null,
            })
            .ToList();
        return JsonSerializer.SerializeToElement(
            new
            {
                UserId = userId,
                UserInfo = (object?)null,
                Keys = shown,
                Teams = Array.Empty<string>(),
            },
            ApiJson.Options
        );
    }

    /// <summary>What LiteLLM would take and a key of the gateway cannot have; null when there is nothing.</summary>
    public static ApiError? Refuse(LiteLlmKeyUpdate wish)
    {
        List<InvalidMember> faults = [];
        foreach (
            var (member, sent) in new[]
            {
                ("tpm_limit", wish.TpmLimit),
                ("rpm_limit", wish.RpmLimit),
                ("max_parallel_requests", wish.MaxParallelRequests),
            }
        )
        {
            if (sent.Value is not null)
            {
                faults.Add(new(member, "unsupported", "is set at /admin/rate-limits where no LiteLLM with a database is configured"));
            }
        }
        if (wish.MaxBudget.Value is { IsZero: true })
        {
            faults.Add(new("max_budget", "amount", "must be more than 0 where no LiteLLM with a database is configured"));
        }
        return faults.Count == 0 ? null : ApiError.Validation(faults);
    }

    /// <summary>Makes a key, of the caller unless the wish names another user.</summary>
    public async Task<Results<CreatedShown<LiteLlmNewKeyShape>, ApiError>> CreateAsync(
        NewLiteLlmKey wish,
        SignedInCaller caller,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var (userId, name) = (wish.UserId.Value ?? caller.UserId, wish.KeyAlias.Value);
        var (key, refusal) = await keys.CreateAsync(
            userId,
            new NewKey
            {
                Name = name,
                TeamId = wish.TeamId.Value,
                Models = wish.Models,
                ExpiresAt = wish.Expires,
                MaxBudget = wish.MaxBudget,
                BudgetDuration = wish.BudgetDuration,
            },
            caller,
            actor,
            cancellationToken
        );
        return key is null
            ? refusal!
            : new CreatedShown<LiteLlmNewKeyShape>(
                new JsonObject
                {
                    ["key"] = key.ApiKey,
                    ["key_name"] = key.ApiKeyPreview,
                    ["key_alias"] = name,
                    ["user_id"] = userId,
                    ["team_id"] = key.TeamId,
                    ["expires"] = JsonSerializer.SerializeToNode(key.ExpiresAt, ApiJson.Options),
                    ["token"] = key.Id,
                }
            );
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(
        string idOrName,
        LiteLlmKeyUpdate wish,
        SignedInCaller caller,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(idOrName, cancellationToken) is { } id
            ? await keys.UpdateAsync(
                id,
                new ApiKeyUpdate
                {
                    Name = wish.KeyAlias,
                    Models = wish.Models,
                    ExpiresAt = wish.Expires,
                    MaxBudget = wish.MaxBudget,
                    BudgetDuration = wish.BudgetDuration,
                },
                caller,
                actor,
                cancellationToken
            )
            : ApiError.NotFound("Key not found");

    /// <returns>False when there is no such key.</returns>
    public async Task<bool> DeleteAsync(string idOrName, SignedInCaller caller, Actor actor, CancellationToken cancellationToken) =>
        await FindAsync(idOrName, cancellationToken) is { } id && await keys.DeleteAsync(id, caller, actor, cancellationToken);

    // A name is anybody's to give; one that two keys have finds neither.
    private async Task<string?> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db
            .ApiKeys.Where(k => k.DeletedAt == null && (k.Id == idOrName || k.Name == idOrName))
            .Select(k => k.Id)
            .Take(2)
            .ToListAsync(cancellationToken);
        return found.Contains(idOrName) ? idOrName
            : found.Count == 1 ? found[0]
            : null;
    }
}

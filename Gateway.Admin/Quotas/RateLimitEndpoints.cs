using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>Rates: those of tiers for everybody, all for admins.</summary>
internal static class RateLimitEndpoints
{
    private const long HighestLimit = 1_000_000_000_000_000;
    private const string EveryScope = "all";

    public static void MapRateLimits(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rate-limits", ListPublicAsync);
        var limits = routes.MapGroup("/admin/rate-limits").RequireAuthorization(AccessPolicies.Admin);
        limits.MapGet(
            "",
            (QueryReader query, HubDbContext db, CancellationToken cancellationToken) => ListAsync(query, null, null, db, cancellationToken)
        );
        limits.MapGet(
            "/model/{model_id}",
            (string model_id, QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(query, model_id, null, db, cancellationToken)
        );
        limits.MapGet(
            "/tier/{tier_id}",
            (string tier_id, QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(query, null, tier_id, db, cancellationToken)
        );
        limits.MapGet("/{id}", GetAsync);
        limits.MapPost("", CreateAsync);
        limits.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        limits.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<Results<Revalidated, ApiError>> ListPublicAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        var (modelId, tierId) = (query.Text("model_id"), query.Text("tier_id"));
        return query.Error is { } error
            ? error
            : new Revalidated(
                await PageAsync(db.RateLimits.Where(l => string.Compare(l.TierId, "") > 0), modelId, tierId, page, db, cancellationToken)
            );
    }

    private static async Task<Results<Reply<IReadOnlyList<RateLimitResponse>>, ApiError>> ListAsync(
        QueryReader query,
        string? modelId,
        string? tierId,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        modelId ??= query.Text("model_id");
        tierId ??= query.Text("tier_id");
        var scope = query.OneOf("scope", [.. QuotaTarget.ScopeNames, EveryScope]) ?? QuotaScope.TierModel.ToName();
        if (query.Error is { } error)
        {
            return error;
        }
        var found = scope switch
        {
            EveryScope => db.RateLimits,
            // Above the empty text, not "is not null": SQLite looks that up in an index.
            "user" => db.RateLimits.Where(l => string.Compare(l.UserId, "") > 0),
            "team" => db.RateLimits.Where(l => string.Compare(l.TeamId, "") > 0),
            "api_key" => db.RateLimits.Where(l => string.Compare(l.ApiKeyId, "") > 0),
            _ => db.RateLimits.Where(l => string.Compare(l.TierId, "") > 0), // one client reads the tier of every row
        };
        return await PageAsync(found, modelId, tierId, page, db, cancellationToken);
    }

    private static async Task<Reply<IReadOnlyList<RateLimitResponse>>> PageAsync(
        IQueryable<RateLimitRow> rows,
        string? modelId,
        string? tierId,
        PageRequest page,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var found = rows.Where(l => modelId == null || l.ModelId == modelId).Where(l => tierId == null || l.TierId == tierId);
        var (limits, total) = await found
            .AsNoTracking()
            .PageAsync(l => l.CreatedAt, l => l.Id, page, newestFirst: false, cancellationToken);
        var ids = limits.ConvertAll(l => l.Id);
        var shown = await ViewsOf(db, db.RateLimits.Where(l => ids.Contains(l.Id))).ToListAsync(cancellationToken);
        return Reply.List(
            "Rate limits retrieved successfully",
            "rate_limits",
            shown.OrderBy(v => v.Row.CreatedAt).ThenBy(v => v.Row.Id, StringComparer.Ordinal).Select(RateLimitResponse.From).ToList(),
            total,
            page
        );
    }

    private static async Task<Results<Reply<RateLimitResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } limit
            ? Reply.Enveloped("Rate limit retrieved successfully", limit, "rate_limit")
            : RateLimitDirectory.NotFound;

    private static async Task<Results<Reply<RateLimitResponse>, ApiError>> CreateAsync(
        JsonBody body,
        RateLimitDirectory limits,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var target = QuotaTarget.Read(members, tierNeedsModel: false);
        if (target is null && members.Error is null)
        {
            members.Refuse("tier_id", "required", "is required, or one of user_id, team_id, api_key_id");
        }
        var wish = Read(members);
        members.RefuseUnknownLimits(LimitMembers.RateLimit);
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await limits.CreateAsync(target!, wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Rate limit created successfully", (await FindAsync(db, id!, cancellationToken))!, "rate_limit")
            : refusal;
    }

    private static async Task<Results<Reply<RateLimitResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        RateLimitDirectory limits,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = Read(members);
        members.RefuseUnknownLimits(LimitMembers.RateLimit);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await limits.UpdateAsync(id, wish, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Rate limit updated successfully", (await FindAsync(db, id, cancellationToken))!, "rate_limit");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
        string id,
        RateLimitDirectory limits,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await limits.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Rate limit deleted successfully", null);

    private static RateLimitUpdate Read(MemberReader members)
    {
        return new RateLimitUpdate(
            Limit("requests_per_minute"),
            Limit("requests_per_day"),
            Limit("tokens_per_minute"),
            Limit("tokens_per_day"),
            Limit("max_concurrent"),
            members.OneOf("mode", QuotaNames.Modes)
        );

        Sent<long> Limit(string name) => members.Whole(name, -1, HighestLimit);
    }

    private static async Task<RateLimitResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        await ViewsOf(db, db.RateLimits.Where(l => l.Id == id)).FirstOrDefaultAsync(cancellationToken) is { } view
            ? RateLimitResponse.From(view)
            : null;

    private static IQueryable<RateLimitView> ViewsOf(HubDbContext db, IQueryable<RateLimitRow> rows) =>
        from row in rows.AsNoTracking()
        join tier in db.Tiers on row.TierId equals tier.Id into tiers
        from tier in tiers.DefaultIfEmpty()
        join model in db.Models on row.ModelId equals model.Id into models
        from model in models.DefaultIfEmpty()
        select new RateLimitView
        {
            Row = row,
            Tier = tier,
            Model = model,
        };
}

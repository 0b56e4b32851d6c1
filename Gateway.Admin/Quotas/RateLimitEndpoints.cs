using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>Rates: those of tiers for everybody, all for admins.</summary>
internal static class RateLimitEndpoints
{
    public static void MapRateLimits(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rate-limits", ListPublicAsync).Says("List rate limits of tiers", "Oldest first.");
        var limits = routes.MapGroup("/admin/rate-limits").RequireAuthorization(AccessPolicies.Admin);
        limits
            .MapGet(
                "",
                (Query<AdminRateLimitQuery> query, HubDbContext db, CancellationToken cancellationToken) =>
                    ListAsync(query.Value, query.Value.ModelId, query.Value.TierId, db, cancellationToken)
            )
            .Says("List rate limits", "Those of tiers, unless `scope` says otherwise; oldest first.");
        limits
            .MapGet(
                "/model/{model_id}",
                (string model_id, Query<AdminRateLimitQuery> query, HubDbContext db, CancellationToken cancellationToken) =>
                    ListAsync(query.Value, model_id, query.Value.TierId, db, cancellationToken)
            )
            .Says("List rate limits of a model", "Oldest first.");
        limits
            .MapGet(
                "/tier/{tier_id}",
                (string tier_id, Query<AdminRateLimitQuery> query, HubDbContext db, CancellationToken cancellationToken) =>
                    ListAsync(query.Value, query.Value.ModelId, tier_id, db, cancellationToken)
            )
            .Says("List rate limits of a tier", "Oldest first.");
        limits.MapGet("/{id}", GetAsync).Says("Show a rate limit", "With its tier and model.");
        limits
            .MapPost("", CreateAsync)
            .Says(
                "Make a rate limit",
                "Over one of tier, user, team or key. A limit of a tier is counted for each of its users; "
                    + "without a model, over all models together."
            )
            .Refuses(404);
        limits
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a rate limit", "It applies from the next call on; calls counted so far still count.");
        limits.MapDelete("/{id}", DeleteAsync).Says("Delete a rate limit", "It no longer applies from the next call on.");
    }

    private static async Task<Revalidated<ListEnvelope<RateLimitResponse>>> ListPublicAsync(
        Query<RateLimitQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var ofTiers = db.RateLimits.Where(l => string.Compare(l.TierId, "") > 0);
        var (modelId, tierId) = (query.Value.ModelId, query.Value.TierId);
        return new(await PageAsync(ofTiers, modelId, tierId, query.Value.Page, db, cancellationToken));
    }

    private static async Task<ListEnvelope<RateLimitResponse>> ListAsync(
        AdminRateLimitQuery query,
        string? modelId,
        string? tierId,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var scope = query.Scope ?? QuotaScope.TierModel.ToName();
        var found = scope switch
        {
            AdminRateLimitQuery.EveryScope => db.RateLimits,
            // Above the empty text, not "is not null": SQLite looks that up in an index.
            "user" => db.RateLimits.Where(l => string.Compare(l.UserId, "") > 0),
            "team" => db.RateLimits.Where(l => string.Compare(l.TeamId, "") > 0),
            "api_key" => db.RateLimits.Where(l => string.Compare(l.ApiKeyId, "") > 0),
            _ => db.RateLimits.Where(l => string.Compare(l.TierId, "") > 0), // one client reads the tier of every row
        };
        return await PageAsync(found, modelId, tierId, query.Page, db, cancellationToken);
    }

    private static async Task<ListEnvelope<RateLimitResponse>> PageAsync(
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
            shown.OrderBy(v => v.Row.CreatedAt).ThenBy(v => v.Row.Id, StringComparer.Ordinal).Select(RateLimitResponse.From).ToList(),
            total,
            page
        );
    }

    private static async Task<Results<Envelope<RateLimitResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } limit
            ? Reply.Enveloped("Rate limit retrieved successfully", limit)
            : RateLimitDirectory.NotFound;

    private static async Task<Results<CreatedEnvelope<RateLimitResponse>, ApiError>> CreateAsync(
        Body<NewRateLimit> limit,
        RateLimitDirectory limits,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await limits.CreateAsync(limit.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Rate limit created successfully", (await FindAsync(db, id!, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<RateLimitResponse>, ApiError>> UpdateAsync(
        string id,
        Body<RateLimitUpdate> update,
        RateLimitDirectory limits,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await limits.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Rate limit updated successfully", (await FindAsync(db, id, cancellationToken))!);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        RateLimitDirectory limits,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await limits.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Rate limit deleted successfully", null);

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

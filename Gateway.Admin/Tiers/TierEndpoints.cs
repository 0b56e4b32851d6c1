using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Tiers;

/// <summary>Tiers: for everybody and for admins.</summary>
internal static class TierEndpoints
{
    public static void MapTiers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tiers", ListPublicAsync).Says("List tiers", "Cheapest first.");
        routes
            .MapGet("/users/{user_id}/tier", GetOfUserAsync)
            .RequireAuthorization(AccessPolicies.OwnOrStaff)
            .Says("Show a user's tier", "The tier that the limits of the user come from.");
        routes
            .MapPost("/users/{user_id}/tier/check", CheckAsync)
            .RequireAuthorization(AccessPolicies.OwnOrAdmin)
            .Says("Check a user's tier", "Moves the user up when enough was spent. This happens by itself too.");
        var tiers = routes.MapGroup("/admin/tiers").RequireAuthorization(AccessPolicies.Admin);
        tiers.MapGet("", ListAsync).Says("List tiers", "Cheapest first, with the number of their users.");
        tiers.MapGet("/{id}", GetAsync).Says("Show a tier", "With the number of its users.");
        tiers.MapPost("", CreateAsync).Says("Make a tier", "Its limits are rate limits and budgets of their own.");
        tiers
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a tier", "It applies to its users from the next call on.");
        tiers.MapDelete("/{id}", DeleteAsync).Says("Delete a tier", "One that has users is 409.");
    }

    private static async Task<Revalidated<ListEnvelope<TierResponse>>> ListPublicAsync(
        Query<WholeListQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        var (tiers, total) = await FindPageAsync(db, page, cancellationToken);
        return new(Reply.List("Tiers retrieved successfully", tiers.ConvertAll(TierResponse.From), total, page));
    }

    private static async Task<(List<Tier> Rows, long Total)> FindPageAsync(
        HubDbContext db,
        PageRequest page,
        CancellationToken cancellationToken
    ) =>
        (
            await Sorted(db.Tiers.AsNoTracking()).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken),
            await db.Tiers.LongCountAsync(cancellationToken)
        );

    private static async Task<Results<Reply<TierResponse>, ApiError>> GetOfUserAsync(
        PathUser user,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == user.Id, cancellationToken) is { } view
            ? Reply.Ok(TierResponse.From(view.Tier))
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<TierCheckResponse>, ApiError>> CheckAsync(
        PathUser user,
        TierUpgrade upgrade,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await upgrade.CheckAsync(user.Id, cancellationToken) is not var (before, after))
        {
            return ApiError.UserNotFound;
        }
        var spent = await TierUpgrade.ReadSpentAsync(db, user.Id, cancellationToken);
        return Reply.Ok(TierCheckResponse.From(before, after, spent, await TierUpgrade.FindNextAsync(db, after, spent, cancellationToken)));
    }

    private static async Task<Results<ListEnvelope<AdminTierResponse>, ApiError>> ListAsync(
        Query<WholeListQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        var (tiers, total) = await FindPageAsync(db, page, cancellationToken);
        var users = await CountUsersAsync(db, tiers.ConvertAll(t => t.Id), cancellationToken);
        return Reply.List(
            "Tiers retrieved successfully",
            tiers.ConvertAll(t => new AdminTierResponse(t, users.GetValueOrDefault(t.Id))),
            total,
            page
        );
    }

    private static async Task<Results<Envelope<AdminTierResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } tier
            ? Reply.Enveloped("Tier retrieved successfully", tier)
            : ApiError.TierNotFound;

    private static async Task<Results<CreatedEnvelope<AdminTierResponse>, ApiError>> CreateAsync(
        Body<NewTier> tier,
        TierDirectory tiers,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await tiers.CreateAsync(tier.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Tier created successfully", (await FindAsync(db, id!, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<AdminTierResponse>, ApiError>> UpdateAsync(
        string id,
        Body<TierUpdate> update,
        TierDirectory tiers,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await tiers.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Tier updated successfully", (await FindAsync(db, id, cancellationToken))!);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        TierDirectory tiers,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await tiers.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Tier deleted successfully", null);

    private static IQueryable<Tier> Sorted(IQueryable<Tier> tiers) => tiers.OrderBy(t => t.PriceNanoUsd).ThenBy(t => t.Id);

    private static async Task<AdminTierResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        await db.Tiers.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is { } tier
            ? new AdminTierResponse(tier, (await CountUsersAsync(db, [id], cancellationToken)).GetValueOrDefault(id))
            : null;

    private static Task<Dictionary<string, int>> CountUsersAsync(
        HubDbContext db,
        List<string> tierIds,
        CancellationToken cancellationToken
    ) =>
        db
            .Users.Where(u => u.DeletedAt == null && tierIds.Contains(u.TierId))
            .GroupBy(u => u.TierId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
}

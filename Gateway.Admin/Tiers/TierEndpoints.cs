using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Tiers;

/// <summary>Tiers: for everybody and for admins.</summary>
internal static class TierEndpoints
{
    private const long HighestPriceUsd = 1_000_000_000;
    private const long MostTokens = 1_000_000_000;

    public static void MapTiers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tiers", ListPublicAsync);
        routes.MapGet("/users/{user_id}/tier", GetOfUserAsync).RequireAuthorization(AccessPolicies.OwnOrStaff);
        routes.MapPost("/users/{user_id}/tier/check", CheckAsync).RequireAuthorization(AccessPolicies.OwnOrAdmin);
        var tiers = routes.MapGroup("/admin/tiers").RequireAuthorization(AccessPolicies.Admin);
        tiers.MapGet("", ListAsync);
        tiers.MapGet("/{id}", GetAsync);
        tiers.MapPost("", CreateAsync);
        tiers.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        tiers.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<Results<Revalidated, ApiError>> ListPublicAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        if (query.Error is { } error)
        {
            return error;
        }
        var total = await db.Tiers.LongCountAsync(cancellationToken);
        var tiers = await Sorted(db.Tiers.AsNoTracking()).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        return new Revalidated(Reply.List("Tiers retrieved successfully", "tiers", tiers.ConvertAll(TierResponse.From), total, page));
    }

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

    private static async Task<Results<Reply<IReadOnlyList<AdminTierResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        if (query.Error is { } error)
        {
            return error;
        }
        var total = await db.Tiers.LongCountAsync(cancellationToken);
        var tiers = await Sorted(db.Tiers.AsNoTracking()).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        var users = await CountUsersAsync(db, tiers.ConvertAll(t => t.Id), cancellationToken);
        return Reply.List(
            "Tiers retrieved successfully",
            "tiers",
            tiers.ConvertAll(t => new AdminTierResponse(t, users.GetValueOrDefault(t.Id))),
            total,
            page
        );
    }

    private static async Task<Results<Reply<AdminTierResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } tier
            ? Reply.Enveloped("Tier retrieved successfully", tier, "tier")
            : ApiError.TierNotFound;

    private static async Task<Results<Reply<AdminTierResponse>, ApiError>> CreateAsync(
        JsonBody body,
        TierDirectory tiers,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var name = members.RequiredText("name", 1, 100);
        var wish = Read(members) with { Name = new Sent<string>(true, name) };
        members.RefuseUnknownLimits(LimitMembers.Tier);
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await tiers.CreateAsync(wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Tier created successfully", (await FindAsync(db, id!, cancellationToken))!, "tier")
            : refusal;
    }

    private static async Task<Results<Reply<AdminTierResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        TierDirectory tiers,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var name = members.Text("name", 1, 100);
        var wish = Read(members) with { Name = name };
        members.RefuseUnknownLimits(LimitMembers.Tier);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await tiers.UpdateAsync(id, wish, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Tier updated successfully", (await FindAsync(db, id, cancellationToken))!, "tier");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
        string id,
        TierDirectory tiers,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await tiers.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Tier deleted successfully", null);

    private static TierUpdate Read(MemberReader members) =>
        new(
            default,
            members.NullableText("description", 10_000),
            members.Flag("is_free"),
            members.Amount("price", Money.Zero, HighestPriceUsd),
            members.NullableWhole("max_output_tokens", 1, MostTokens),
            members.NullableOneOf("billing_mode", BillingModes.All),
            members.Flag("fail_open")
        );

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

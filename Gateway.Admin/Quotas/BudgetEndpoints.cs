using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Quotas;

/// <summary>Caps on money: staff reads, admins decide.</summary>
internal static class BudgetEndpoints
{
    private const string DefaultDuration = "monthly";
    private const long HighestUsd = 1_000_000_000;

    private static readonly DateTime EarliestReset = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime LatestReset = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static void MapBudgets(this IEndpointRouteBuilder routes)
    {
        var budgets = routes.MapGroup("/admin/budgets");
        budgets.MapGet("", ListAsync).RequireAuthorization(AccessPolicies.Staff);
        budgets.MapGet("/{id}", GetAsync).RequireAuthorization(AccessPolicies.Staff);
        budgets.MapGet("/user/{user_id}", ListOfUserAsync).RequireAuthorization(AccessPolicies.Staff);
        budgets.MapPost("", CreateAsync).RequireAuthorization(AccessPolicies.Admin);
        budgets.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync).RequireAuthorization(AccessPolicies.Admin);
        budgets.MapDelete("/{id}", DeleteAsync).RequireAuthorization(AccessPolicies.Admin);
    }

    private static async Task<Results<Reply<IReadOnlyList<BudgetResponse>>, ApiError>> ListAsync(
        QueryReader query,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        var (userId, teamId, apiKeyId) = (query.Text("user_id"), query.Text("team_id"), query.Text("api_key_id"));
        var (tierId, modelId) = (query.Text("tier_id"), query.Text("model_id"));
        var scope = query.OneOf("scope", QuotaTarget.ScopeNames);
        if (query.Error is { } error)
        {
            return error;
        }
        var found = db
            .Budgets.Where(b => userId == null || b.UserId == userId)
            .Where(b => teamId == null || b.TeamId == teamId)
            .Where(b => apiKeyId == null || b.ApiKeyId == apiKeyId)
            .Where(b => tierId == null || b.TierId == tierId)
            .Where(b => modelId == null || b.ModelId == modelId);
        // Above the empty text, not "is not null": SQLite looks that up in an index.
        found = scope switch
        {
            null => found,
            "user" => found.Where(b => string.Compare(b.UserId, "") > 0),
            "team" => found.Where(b => string.Compare(b.TeamId, "") > 0),
            "api_key" => found.Where(b => string.Compare(b.ApiKeyId, "") > 0),
            _ => found.Where(b => string.Compare(b.TierId, "") > 0),
        };
        // What is of one owner or model is few; the rest is counted already.
        var isOfOne = (userId ?? teamId ?? apiKeyId ?? tierId ?? modelId) is not null;
        return await PageAsync(
            found,
            page,
            isOfOne ? null : await db.CountRowsAsync<BudgetRow>(scope, cancellationToken),
            views,
            cancellationToken
        );
    }

    private static async Task<Results<Reply<IReadOnlyList<BudgetResponse>>, ApiError>> ListOfUserAsync(
        string user_id,
        QueryReader query,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        return query.Error is { } error
            ? error
            : await PageAsync(db.Budgets.Where(b => b.UserId == user_id), page, total: null, views, cancellationToken);
    }

    private static async Task<Reply<IReadOnlyList<BudgetResponse>>> PageAsync(
        IQueryable<BudgetRow> found,
        PageRequest page,
        long? total,
        BudgetViews views,
        CancellationToken cancellationToken
    )
    {
        var (rows, count) = total is { } known
            ? (await found.AsNoTracking().RowsAsync(b => b.CreatedAt, b => b.Id, page, known, newestFirst: false, cancellationToken), known)
            : await found.AsNoTracking().PageAsync(b => b.CreatedAt, b => b.Id, page, newestFirst: false, cancellationToken);
        return Reply.List("Budgets retrieved successfully", "budgets", await views.ShowAsync(rows, cancellationToken), count, page);
    }

    private static async Task<Results<Reply<BudgetResponse>, ApiError>> GetAsync(
        string id,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(id, views, db, cancellationToken) is { } budget
            ? Reply.Enveloped("Budget retrieved successfully", budget, "budget")
            : ApiError.BudgetNotFound;

    private static async Task<Results<Reply<BudgetResponse>, ApiError>> CreateAsync(
        JsonBody body,
        BudgetDirectory budgets,
        Actor actor,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var target = QuotaTarget.Read(members);
        if (target is not { Scope: QuotaScope.TierModel } && members.IsSentWithValue("model_id"))
        {
            members.Refuse("model_id", "one_scope", "goes with tier_id only");
        }
        var cap = members.RequiredAmount("max_budget", Money.FromNanoUsd(1), HighestUsd);
        var wish = Read(members) with { Cap = new Sent<Money>(true, cap) };
        members.RefuseUnknownLimits(LimitMembers.Budget);
        if (members.Error is { } error)
        {
            return error;
        }
        wish = wish with { Duration = new Sent<string?>(true, wish.Duration.Or(DefaultDuration)) };
        var (id, refusal) = await budgets.CreateAsync(target, wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Budget created successfully", (await FindAsync(id!, views, db, cancellationToken))!, "budget")
            : refusal;
    }

    private static async Task<Results<Reply<BudgetResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        BudgetDirectory budgets,
        Actor actor,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var target = QuotaTarget.Read(members);
        var wish = Read(members) with { Cap = members.Amount("max_budget", Money.FromNanoUsd(1), HighestUsd) };
        members.RefuseUnknownLimits(LimitMembers.Budget);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await budgets.UpdateAsync(id, target, wish, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Budget updated successfully", (await FindAsync(id, views, db, cancellationToken))!, "budget");
    }

    // First there, then here: a failure there is a warning, because what binds callers is the row here.
    private static async Task<Results<Reply<DeletedBudget>, ApiError>> DeleteAsync(
        string id,
        BudgetDirectory budgets,
        LiteLlmClient client,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var externalId = await db.Budgets.Where(b => b.Id == id).Select(b => b.ExternalId).FirstOrDefaultAsync(cancellationToken);
        var gone = DeletedBudget.HereOnly;
        if (externalId is not null)
        {
            try
            {
                await client.SendAsync(HttpMethod.Post, "budget/delete", new JsonObject { ["id"] = externalId }, cancellationToken);
                gone = new DeletedBudget(true, []);
            }
            catch (ApiErrorException fault)
            {
                gone = new DeletedBudget(false, [$"LiteLLM: {fault.Error.Text}"]);
            }
        }
        return await budgets.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Budget deleted successfully", gone);
    }

    /// <summary>A period as <see cref="BudgetPeriod"/> takes it; null and <c>never</c> are for ever.</summary>
    public static Sent<string?> ReadDuration(MemberReader members)
    {
        var duration = members.NullableText("budget_duration", 50);
        if (!BudgetPeriod.TryParse(duration.Value, resetAt: null, EarliestReset, out _))
        {
            members.Refuse(
                "budget_duration",
                "period",
                "must be daily, weekly, monthly, yearly, never, or a number with s, m, h, d, w, mo or y, such as 30d"
            );
        }
        return duration;
    }

    private static BudgetUpdate Read(MemberReader members)
    {
        var resetAt = members.NullableTime("reset_at");
        if (resetAt.Value < EarliestReset || resetAt.Value > LatestReset)
        {
            members.Refuse("reset_at", "range", "must be between the years 2000 and 2200");
        }
        return new BudgetUpdate(default, ReadDuration(members), resetAt, members.OneOf("mode", QuotaNames.Modes));
    }

    private static async Task<BudgetResponse?> FindAsync(
        string id,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.Budgets.AsNoTracking().FirstOrDefaultAsync(b => b.Id == id, cancellationToken) is { } row
            ? (await views.ShowAsync([row], cancellationToken))[0]
            : null;
}

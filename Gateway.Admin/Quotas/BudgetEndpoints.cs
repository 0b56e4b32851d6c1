using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
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
    public static void MapBudgets(this IEndpointRouteBuilder routes)
    {
        var budgets = routes.MapGroup("/admin/budgets");
        budgets
            .MapGet("", ListAsync)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says("List budgets", "With what is spent and held, from one reading; oldest first.");
        budgets
            .MapGet("/{id}", GetAsync)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says("Show a budget", "With what is spent and held, from one reading.");
        budgets
            .MapGet("/user/{user_id}", ListOfUserAsync)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says("List a user's budgets", "Oldest first.");
        budgets
            .MapPost("", CreateAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says(
                "Make a budget",
                "Over one of user, team, key, or a model of a tier; with `end_user` over the calls for one end user, or for each. "
                    + "It applies from the next call on."
            )
            .Refuses(404);
        budgets
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("Change a budget", "What it is over stays: what was spent so far would be of somebody else.");
        budgets
            .MapDelete("/{id}", DeleteAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("Delete a budget", "Here, and at LiteLLM where it came from there.");
    }

    private static async Task<Results<ListEnvelope<BudgetResponse>, ApiError>> ListAsync(
        Query<BudgetQuery> query,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var wanted = query.Value;
        var (userId, teamId, apiKeyId) = (wanted.UserId, wanted.TeamId, wanted.ApiKeyId);
        var (tierId, modelId, scope, endUser) = (wanted.TierId, wanted.ModelId, wanted.Scope, wanted.EndUser);
        var found = db
            .Budgets.Where(b => userId == null || b.UserId == userId)
            .Where(b => teamId == null || b.TeamId == teamId)
            .Where(b => apiKeyId == null || b.ApiKeyId == apiKeyId)
            .Where(b => tierId == null || b.TierId == tierId)
            .Where(b => modelId == null || b.ModelId == modelId)
            .Where(b => endUser == null || b.EndUser == endUser);
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
        var isOfOne = (userId ?? teamId ?? apiKeyId ?? tierId ?? modelId ?? endUser) is not null;
        return await PageAsync(
            found,
            wanted.Page,
            isOfOne ? null : await db.CountRowsAsync<BudgetRow>(scope, cancellationToken),
            views,
            cancellationToken
        );
    }

    private static async Task<Results<ListEnvelope<BudgetResponse>, ApiError>> ListOfUserAsync(
        string user_id,
        Query<WholeListQuery> query,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await PageAsync(db.Budgets.Where(b => b.UserId == user_id), query.Value.Page, total: null, views, cancellationToken);
    }

    private static async Task<ListEnvelope<BudgetResponse>> PageAsync(
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
        return Reply.List("Budgets retrieved successfully", await views.ShowAsync(rows, cancellationToken), count, page);
    }

    private static async Task<Results<Envelope<BudgetResponse>, ApiError>> GetAsync(
        string id,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(id, views, db, cancellationToken) is { } budget
            ? Reply.Enveloped("Budget retrieved successfully", budget)
            : ApiError.BudgetNotFound;

    private static async Task<Results<CreatedEnvelope<BudgetResponse>, ApiError>> CreateAsync(
        Body<NewBudget> budget,
        BudgetDirectory budgets,
        Actor actor,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await budgets.CreateAsync(budget.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Budget created successfully", (await FindAsync(id!, views, db, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<BudgetResponse>, ApiError>> UpdateAsync(
        string id,
        Body<BudgetUpdate> update,
        BudgetDirectory budgets,
        Actor actor,
        BudgetViews views,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await budgets.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Budget updated successfully", (await FindAsync(id, views, db, cancellationToken))!);
    }

    // First there, then here: a failure there is a warning, because what binds callers is the row here.
    private static async Task<Results<Envelope<DeletedBudget>, ApiError>> DeleteAsync(
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

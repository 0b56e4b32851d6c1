using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>Billing rows: the own ones for users, everybody's for staff.</summary>
internal static class RequestEndpoints
{
    private const int ImportDays = 30;

    public static void MapRequests(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/requests").RequireAuthorization(AccessPolicies.SignedIn);
        own.MapGet(
                "",
                (SignedInCaller caller, Query<CallQuery> query, HubDbContext db, CancellationToken cancellationToken) =>
                    ListAsync(
                        caller.IsStaff ? query.Value.UserId ?? caller.UserId : caller.UserId,
                        query.Value.ModelId,
                        query.Value,
                        caller.IsStaff,
                        db,
                        cancellationToken
                    )
            )
            .Says("List calls", "The own ones; staff may name a user. Newest first.");
        own.MapGet("/{id}", GetAsync).Says("Show a call", "One of the own; staff may see any.");
        var staff = routes.MapGroup("/admin/requests").RequireAuthorization(AccessPolicies.Staff);
        staff
            .MapGet(
                "",
                (Query<CallQuery> query, HubDbContext db, CancellationToken cancellationToken) =>
                    ListAsync(query.Value.UserId, query.Value.ModelId, query.Value, isForStaff: true, db, cancellationToken)
            )
            .Says("List calls", "Of all users, newest first.");
        staff
            .MapGet(
                "/user/{user_id}",
                (string user_id, Query<CallsOfUserQuery> query, HubDbContext db, CancellationToken cancellationToken) =>
                    ListAsync(user_id, query.Value.ModelId, query.Value, isForStaff: true, db, cancellationToken)
            )
            .Says("List calls of a user", "Newest first.");
        staff
            .MapGet(
                "/model/{model_id}",
                (string model_id, Query<CallTimesQuery> query, HubDbContext db, CancellationToken cancellationToken) =>
                    ListAsync(null, model_id, query.Value, isForStaff: true, db, cancellationToken)
            )
            .Says("List calls of a model", "Newest first.");
        var import = routes.MapGroup("/admin/requests/sync").RequireAuthorization(AccessPolicies.Admin);
        import
            .MapPost(
                "",
                (SpendImport spend, ChangeWriter changes, Actor actor, CancellationToken cancellationToken) =>
                    ImportAsync(null, spend, changes, actor, cancellationToken)
            )
            .Says("Import spend from LiteLLM", "Calls of the last 30 days that did not go through this gateway.")
            .Refuses(502, 503, 504);
        import
            .MapPost("/{user_id}", ImportOfUserAsync)
            .Says("Import spend of a user from LiteLLM", "Calls of the last 30 days that did not go through this gateway.")
            .Refuses(502, 503, 504);
    }

    private static async Task<Envelope<RequestPageResponse>> ListAsync(
        string? userId,
        string? modelId,
        CallTimesQuery query,
        bool isForStaff,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (page, number, from, until) = (query.Page, query.Number, query.DateFrom, query.DateTo);
        var filter = new RecordFilter(userId, modelId, from, until) { Tag = query.Tag, EndUser = query.EndUser };
        var (rows, total) = await db.FindRecordsAsync(filter, page, cancellationToken);
        var ids = rows.Select(r => r.ModelId).Distinct().ToList();
        var models = await db.Models.AsNoTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, cancellationToken);
        var shown = page.Of(total, rows.Count);
        return Reply.Enveloped(
            "Requests retrieved successfully",
            new RequestPageResponse(
                rows.ConvertAll(r => RequestResponse.From(r, models.GetValueOrDefault(r.ModelId), isForStaff)),
                number,
                page.Limit,
                total,
                shown.HasMore,
                page.Offset > 0,
                total,
                page.Offset,
                shown.HasMore
            )
        );
    }

    private static async Task<Results<Envelope<SpendImportResult>, ApiError>> ImportOfUserAsync(
        string user_id,
        SpendImport spend,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.Users.AnyAsync(u => u.Id == user_id && u.DeletedAt == null, cancellationToken)
            ? await ImportAsync(user_id, spend, changes, actor, cancellationToken)
            : ApiError.UserNotFound;

    private static async Task<Envelope<SpendImportResult>> ImportAsync(
        string? userId,
        SpendImport spend,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var result = await spend.RunAsync(ImportDays, userId, cancellationToken);
        await changes.AuditAsync("requests.import_requested", "request", userId ?? "*", actor, cancellationToken);
        return Reply.Enveloped("Requests synchronized successfully", result);
    }

    private static async Task<Results<Envelope<RequestResponse>, ApiError>> GetAsync(
        string id,
        SignedInCaller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (
            await db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken) is not { } row
            || (row.UserId != caller.UserId && !caller.IsStaff)
        )
        {
            return ApiError.NotFound("Request not found");
        }
        var model = await db.Models.AsNoTracking().FirstOrDefaultAsync(m => m.Id == row.ModelId, cancellationToken);
        return Reply.Enveloped("Request retrieved successfully", RequestResponse.From(row, model, caller.IsStaff));
    }
}

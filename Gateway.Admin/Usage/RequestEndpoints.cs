using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>Billing rows: the own ones for users, everybody's for staff.</summary>
internal static class RequestEndpoints
{
    private const int DefaultPageSize = 20;
    private const int ImportDays = 30;

    public static void MapRequests(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/requests").RequireAuthorization(AccessPolicies.SignedIn);
        own.MapGet(
            "",
            (Caller caller, QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(caller.IsStaff ? query.Text("user_id") ?? caller.UserId : caller.UserId, null, query, db, cancellationToken)
        );
        own.MapGet("/{id}", GetAsync);
        var staff = routes.MapGroup("/admin/requests").RequireAuthorization(AccessPolicies.Staff);
        staff.MapGet(
            "",
            (QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(query.Text("user_id"), null, query, db, cancellationToken)
        );
        staff.MapGet(
            "/user/{user_id}",
            (string user_id, QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(user_id, null, query, db, cancellationToken)
        );
        staff.MapGet(
            "/model/{model_id}",
            (string model_id, QueryReader query, HubDbContext db, CancellationToken cancellationToken) =>
                ListAsync(null, model_id, query, db, cancellationToken)
        );
        var import = routes.MapGroup("/admin/requests/sync").RequireAuthorization(AccessPolicies.Admin);
        import.MapPost(
            "",
            (SpendImport spend, ChangeWriter changes, Actor actor, CancellationToken cancellationToken) =>
                ImportAsync(null, spend, changes, actor, cancellationToken)
        );
        import.MapPost("/{user_id}", ImportOfUserAsync);
    }

    private static async Task<Results<Reply<RequestPageResponse>, ApiError>> ListAsync(
        string? userId,
        string? modelId,
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (page, number) = query.NumberedPage(DefaultPageSize);
        modelId ??= query.Text("model_id");
        var (from, until) = (query.From("date_from"), query.Until("date_to"));
        if (query.Error is { } error)
        {
            return error;
        }
        var (rows, total) = await db.FindRecordsAsync(new RecordFilter(userId, modelId, from, until), page, cancellationToken);
        var ids = rows.Select(r => r.ModelId).Distinct().ToList();
        var models = await db.Models.AsNoTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, cancellationToken);
        var shown = page.Of(total, rows.Count);
        return Reply.Enveloped(
            "Requests retrieved successfully",
            new RequestPageResponse(
                rows.ConvertAll(r => RequestResponse.From(r, models.GetValueOrDefault(r.ModelId))),
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

    private static async Task<Results<Reply<SpendImportResult>, ApiError>> ImportOfUserAsync(
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

    private static async Task<Reply<SpendImportResult>> ImportAsync(
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

    private static async Task<Results<Reply<RequestResponse>, ApiError>> GetAsync(
        string id,
        Caller caller,
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
        return Reply.Enveloped("Request retrieved successfully", RequestResponse.From(row, model), "request");
    }
}

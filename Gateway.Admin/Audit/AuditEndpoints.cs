using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Audit;

/// <summary>Who changed what.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/audit-logs", ListAsync).RequireAuthorization(AccessPolicies.Admin);

    private static async Task<Results<Reply<IReadOnlyList<AuditResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page();
        var (actorId, action) = (query.Text("actor_id"), query.Text("action"));
        var (entityType, entityId) = (query.Text("entity_type"), query.Text("entity_id"));
        var (from, until) = (query.From("from"), query.Until("to"));
        if (query.Error is { } error)
        {
            return error;
        }
        var found = db
            .AuditLog.AsNoTracking()
            .Where(a => actorId == null || a.ActorId == actorId)
            .Where(a => action == null || a.Action == action)
            .Where(a => entityType == null || a.EntityType == entityType)
            .Where(a => entityId == null || a.EntityId == entityId);
        var within = new TimeRange(from, until);
        // What somebody did or what was done to something is few; the rest is counted by day.
        var (rows, total) =
            actorId is null && entityId is null
                ? await found.PageAsync(
                    a => a.CreatedAt,
                    a => a.Id,
                    await db.CountDaysAsync(found, a => a.CreatedAt, action, entityType, within, cancellationToken),
                    page,
                    cancellationToken
                )
                : await found.PageAsync(a => a.CreatedAt, a => a.Id, page, newestFirst: true, cancellationToken, within);
        return Reply.List("Audit logs retrieved successfully", "audit_logs", rows.ConvertAll(AuditResponse.From), total, page);
    }
}

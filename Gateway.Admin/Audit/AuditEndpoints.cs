using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Audit;

/// <summary>Who changed what.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/admin/audit-logs", ListAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("List changes", "Who changed what, and when; newest first. Secrets are masked.");

    private static async Task<Results<ListEnvelope<AuditResponse>, ApiError>> ListAsync(
        Query<AuditQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var wanted = query.Value;
        var (actorId, action) = (wanted.ActorId, wanted.Action);
        var (entityType, entityId) = (wanted.EntityType, wanted.EntityId);
        var found = db
            .AuditLog.AsNoTracking()
            .Where(a => actorId == null || a.ActorId == actorId)
            .Where(a => action == null || a.Action == action)
            .Where(a => entityType == null || a.EntityType == entityType)
            .Where(a => entityId == null || a.EntityId == entityId);
        var within = new TimeRange(wanted.From, wanted.To);
        // What somebody did or what was done to something is few; the rest is counted by day.
        var (rows, total) =
            actorId is null && entityId is null
                ? await found.PageAsync(
                    a => a.CreatedAt,
                    a => a.Id,
                    await db.CountDaysAsync(found, a => a.CreatedAt, action, entityType, within, cancellationToken),
                    wanted.Page,
                    cancellationToken
                )
                : await found.PageAsync(a => a.CreatedAt, a => a.Id, wanted.Page, newestFirst: true, cancellationToken, within);
        return Reply.List("Audit logs retrieved successfully", rows.ConvertAll(AuditResponse.From), total, wanted.Page);
    }
}

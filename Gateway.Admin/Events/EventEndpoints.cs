using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Events;

/// <summary>What operators want to know: thresholds, exhaustion, shadow hits, findings; and whether the webhook took it.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/events", ListAsync).RequireAuthorization(AccessPolicies.Admin);

    private static async Task<Results<Reply<IReadOnlyList<EventResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page();
        var (type, scope, scopeId) = (query.Text("type"), query.Text("scope"), query.Text("scope_id"));
        var (from, until) = (query.From("from"), query.Until("to"));
        if (query.Error is { } error)
        {
            return error;
        }
        var found = db
            .Events.AsNoTracking()
            .Where(e => type == null || e.Type == type)
            .Where(e => scope == null || e.Scope == scope)
            .Where(e => scopeId == null || e.ScopeId == scopeId);
        var (rows, total) = await found.PageAsync(
            e => e.CreatedAt,
            e => e.Id,
            page,
            newestFirst: true,
            cancellationToken,
            new TimeRange(from, until)
        );
        return Reply.List("Events retrieved successfully", "events", rows.ConvertAll(EventResponse.From), total, page);
    }
}

using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Events;

/// <summary>What operators want to know: thresholds, exhaustion, shadow hits, findings; and whether the webhook took it.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/admin/events", ListAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("List events", "Thresholds passed, budgets used up, findings; newest first, and whether the webhook took each.");

    private static async Task<Results<ListEnvelope<EventResponse>, ApiError>> ListAsync(
        Query<EventQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var wanted = query.Value;
        var (type, scope, scopeId) = (wanted.Type, wanted.Scope, wanted.ScopeId);
        var found = db
            .Events.AsNoTracking()
            .Where(e => type == null || e.Type == type)
            .Where(e => scope == null || e.Scope == scope)
            .Where(e => scopeId == null || e.ScopeId == scopeId);
        var (rows, total) = await found.PageAsync(
            e => e.CreatedAt,
            e => e.Id,
            wanted.Page,
            newestFirst: true,
            cancellationToken,
            new TimeRange(wanted.From, wanted.To)
        );
        return Reply.List("Events retrieved successfully", rows.ConvertAll(EventResponse.From), total, wanted.Page);
    }
}

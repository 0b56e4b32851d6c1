using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Tombstones;

/// <summary>What admins deleted although LiteLLM may have it still: listed, and allowed to come back with the next sync.</summary>
internal static class DeletedEndpoints
{
    // What a sync would bring back.
    private static readonly string[] Types = [ChangedEntities.Model, ChangedEntities.Company, ChangedEntities.Budget];

    private static readonly ApiError NotFound = ApiError.NotFound("Nothing deleted has this type and id");

    public static void MapDeleted(this IEndpointRouteBuilder routes)
    {
        var deleted = routes.MapGroup("/admin/deleted").RequireAuthorization(AccessPolicies.Admin);
        deleted.MapGet("", ListAsync).Says("List deleted entries", "What was deleted here although LiteLLM still has it.");
        deleted.MapPost("/{type}/{id}/restore", RestoreAsync).Says("Allow a deleted entry again", "The next sync brings it back.");
    }

    private static async Task<Results<ListEnvelope<DeletedResponse>, ApiError>> ListAsync(
        Query<DeletedQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (type, isHeld, page) = (query.Value.Type, query.Value.IsHeld, query.Value.Page);
        var found = db
            .Tombstones.AsNoTracking()
            .Where(t => t.ExternalId != null && (type == null || t.EntityType == type))
            .Where(t => isHeld == null || (t.LiftedAt == null) == isHeld);
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found
            .OrderByDescending(t => t.DeletedAt)
            .ThenBy(t => t.EntityType)
            .ThenBy(t => t.EntityId)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        return Reply.List("Deleted entries retrieved successfully", rows.ConvertAll(DeletedResponse.From), total, page);
    }

    private static async Task<Results<Envelope<DeletedResponse>, ApiError>> RestoreAsync(
        string type,
        string id,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken); // a sync that runs now sees it held or lifted, not half
        if (
            !Types.Contains(type)
            || await change.Db.Tombstones.FindAsync([type, id], cancellationToken) is not { ExternalId: not null } kept
        )
        {
            return NotFound;
        }
        await change.LiftAsync(type, kept.ExternalId, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return Reply.Enveloped("The next sync brings it back", DeletedResponse.From(kept));
    }
}

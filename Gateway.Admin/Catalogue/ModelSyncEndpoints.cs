using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Syncs on demand (section 2.7).</summary>
internal static class ModelSyncEndpoints
{
    public static void MapModelSync(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/admin/models").RequireAuthorization(AccessPolicies.Admin);
        models.MapPost("/sync", SyncAsync);
    }

    // The sync writes its own audit entry when it changes the catalogue; this one says who asked, also when nothing changed or another sync was joined.
    private static async Task<Reply<SyncResult>> SyncAsync(ModelSync sync, ChangeWriter changes, Actor actor, CancellationToken cancellationToken)
    {
        var result = await sync.SyncModelsAsync(cancellationToken);
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        change.AuditEvent("models.sync_requested", ChangedEntities.Model, "*");
        await change.CommitAsync(cancellationToken);
        return Reply.Enveloped("Models synchronized successfully", result);
    }
}

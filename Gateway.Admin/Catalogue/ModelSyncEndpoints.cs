using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>Syncs on demand.</summary>
internal static class ModelSyncEndpoints
{
    public static void MapModelSync(this IEndpointRouteBuilder routes)
    {
        Map(
            "/admin/models/sync",
            SyncKind.Models,
            "models.sync_requested",
            ChangedEntities.Model,
            "Models synchronized successfully",
            "Sync models"
        );
        Map(
            "/admin/models/sync-model-group",
            SyncKind.ModelGroups,
            "models.sync_requested",
            ChangedEntities.Model,
            "Models synchronized from model group successfully",
            "Sync models by their groups"
        );
        Map(
            "/admin/companies/sync",
            SyncKind.Companies,
            "companies.sync_requested",
            ChangedEntities.Company,
            "Companies synchronized successfully",
            "Sync companies"
        );

        // The sync writes its own audit entry when it changes the catalogue; this one says who asked, also when nothing changed or another
        // sync was joined.
        void Map(string path, SyncKind kind, string action, string entity, string message, string summary) =>
            routes
                .MapPost(
                    path,
                    async (ModelSync sync, ChangeWriter changes, Actor actor, CancellationToken cancellationToken) =>
                    {
                        var result = await sync.SyncAsync(kind, cancellationToken);
                        await changes.AuditAsync(action, entity, "*", actor, cancellationToken);
                        return Reply.Enveloped(message, result);
                    }
                )
                .RequireAuthorization(AccessPolicies.Admin)
                .Says(
                    summary,
                    "Reads LiteLLM's list now; it is read at the start and every five minutes too. What an admin changed here stays."
                )
                .Refuses(502, 503, 504);
    }
}

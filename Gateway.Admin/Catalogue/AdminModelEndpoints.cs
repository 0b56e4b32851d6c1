using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Models, for admins (section 2.7).</summary>
internal static class AdminModelEndpoints
{
    public static void MapAdminModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/admin/models").RequireAuthorization(AccessPolicies.Admin);
        models.MapGet("", ListAsync);
        models.MapPost("/sync", SyncAsync);
    }

    private static async Task<Results<Reply<IReadOnlyList<ModelResponse>>, ApiError>> ListAsync(QueryReader query, HubDbContext db, CancellationToken cancellationToken)
    {
        var page = query.Page(wholeByDefault: true);
        var companyId = query.Text("company_id");
        var mode = query.Text("mode");
        var isFree = query.Flag("is_free");
        var isEnabled = query.Flag("is_enabled");
        var search = query.Text("search");
        if (query.Error is { } error)
        {
            return error;
        }
        var found = db.ModelViewsOf().AsNoTracking()
            .Where(v => companyId == null || v.Model.CompanyId == companyId)
            .Where(v => mode == null || v.Model.Mode == mode)
            .Where(v => isFree == null || (v.Config != null && v.Config.IsFree) == isFree)
            .Where(v => isEnabled == null || (v.Config == null || v.Config.IsEnabled) == isEnabled);
        if (search is not null)
        {
            var lower = search.ToLowerInvariant();
            found = found.Where(v => v.Model.Name.ToLower().Contains(lower) || v.Model.Description!.ToLower().Contains(lower) || v.Model.ExternalId!.ToLower().Contains(lower)
                || v.Model.Name.Contains(search) || v.Model.Description!.Contains(search));
        }
        var total = await found.LongCountAsync(cancellationToken);
        var views = await found.OrderBy(v => v.Model.Name).ThenBy(v => v.Model.Id).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        var rates = await db.FindRatesAsync(views.ConvertAll(v => v.Model.Id), cancellationToken);
        var counts = await db.CountModelsAsync([.. views.Select(v => v.Company.Id).Distinct()], cancellationToken);
        return Reply.List("Models retrieved successfully", "models", views.ConvertAll(v => ModelResponse.From(v, rates[v.Model.Id], counts[v.Company.Id])), total, page);
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

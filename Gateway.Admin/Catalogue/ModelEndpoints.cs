using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Models: for everybody and for admins.</summary>
internal static class ModelEndpoints
{
    public static void MapModelRoutes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", ListPublicAsync).Says("List models", "Enabled ones, unless `is_enabled` says otherwise.");
        routes.MapGet("/models/{id}", GetPublicAsync).Says("Show a model", "With its company and config.");
        var models = routes.MapGroup("/admin/models").RequireAuthorization(AccessPolicies.Admin);
        models.MapGet("", ListAsync).Says("List models", "All of them.");
        models.MapGet("/{id}", GetAsync).Says("Show a model", "With its company and config.");
        models.MapPost("", CreateAsync).Says("Make a model", "Models of LiteLLM are made by the sync.").Refuses(404);
        models
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a model", "Changes the members that are sent; the sync keeps them.");
        models
            .MapDelete("/{id}", DeleteAsync)
            .Says(
                "Delete a model",
                "Here, and at LiteLLM where it was made there. The sync does not bring it back; POST "
                    + "/admin/deleted/model/{id}/restore allows it again."
            );
    }

    private static async Task<Revalidated<ListEnvelope<ModelResponse>>> ListPublicAsync(
        Query<ModelQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var found = Filter(query.Value, db.ModelViewsOf(), enabledByDefault: true);
        return new(await found.ListAsync(db, query.Value.Page, enabledOnly: true, cancellationToken));
    }

    private static Task<ListEnvelope<ModelResponse>> ListAsync(
        Query<ModelQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        Filter(query.Value, db.ModelViewsOf(), enabledByDefault: null)
            .ListAsync(db, query.Value.Page, enabledOnly: false, cancellationToken);

    private static IQueryable<ModelView> Filter(ModelQuery query, IQueryable<ModelView> views, bool? enabledByDefault)
    {
        var (companyId, mode, search) = (query.CompanyId, query.Mode, query.Search);
        var (isFree, isEnabled) = (query.IsFree, query.IsEnabled ?? enabledByDefault);
        var found = views
            .Where(v => companyId == null || v.Model.CompanyId == companyId)
            .Where(v => mode == null || v.Model.Mode == mode)
            .Where(v => isFree == null || (v.Config != null && v.Config.IsFree) == isFree)
            .Where(v => isEnabled == null || (v.Config == null || v.Config.IsEnabled) == isEnabled);
        if (search is null)
        {
            return found;
        }
        // SQLite lowers ASCII only: other letters match as they were typed.
        var lower = search.ToLowerInvariant();
        return found.Where(v =>
            v.Model.Name.ToLower().Contains(lower)
            || v.Model.Description!.ToLower().Contains(lower)
            || v.Model.ExternalId!.ToLower().Contains(lower)
            || v.Model.Name.Contains(search)
            || v.Model.Description!.Contains(search)
        );
    }

    private static async Task<Results<Revalidated<Envelope<ModelResponse>>, ApiError>> GetPublicAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.FindModelAsync(id, enabledOnly: true, cancellationToken) is { } model
            ? new Revalidated<Envelope<ModelResponse>>(Reply.Enveloped("Model retrieved successfully", model))
            : ApiError.ModelNotFound;

    private static async Task<Results<Envelope<ModelResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.FindModelAsync(id, enabledOnly: false, cancellationToken) is { } model
            ? Reply.Enveloped("Model retrieved successfully", model)
            : ApiError.ModelNotFound;

    private static async Task<Results<CreatedEnvelope<ModelResponse>, ApiError>> CreateAsync(
        Body<NewModel> model,
        ModelDirectory models,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await models.CreateAsync(model.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Model created successfully", (await db.FindModelAsync(id!, false, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<ModelResponse>, ApiError>> UpdateAsync(
        string id,
        Body<ModelUpdate> update,
        ModelDirectory models,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await models.UpdateAsync(id, update.Value, actor, cancellationToken) is { Refusal: { } refusal }
            ? refusal
            : Reply.Enveloped("Model updated successfully", (await db.FindModelAsync(id, false, cancellationToken))!);
    }

    private static async Task<Results<Envelope<DeletedModel>, ApiError>> DeleteAsync(
        string id,
        ModelDirectory models,
        LiteLlmModels upstream,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (await db.Models.AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, cancellationToken) is not { } model)
        {
            return ApiError.ModelNotFound;
        }
        var (deleted, warnings) = await upstream.TryDeleteAsync(model, cancellationToken);
        return await models.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Model deleted successfully", new DeletedModel(deleted, warnings));
    }
}

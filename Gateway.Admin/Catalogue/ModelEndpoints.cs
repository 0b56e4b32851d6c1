using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Models: for everybody and for admins.</summary>
internal static class ModelEndpoints
{
    public static void MapModelRoutes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", ListPublicAsync);
        routes.MapGet("/models/{id}", GetPublicAsync);
        var models = routes.MapGroup("/admin/models").RequireAuthorization(AccessPolicies.Admin);
        models.MapGet("", ListAsync);
        models.MapGet("/{id}", GetAsync);
        models.MapPost("", CreateAsync);
        models.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        models.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<Results<Revalidated, ApiError>> ListPublicAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        var found = Filter(query, db.ModelViewsOf(), enabledByDefault: true);
        return query.Error is { } error ? error : new Revalidated(await found.ListAsync(db, page, enabledOnly: true, cancellationToken));
    }

    private static async Task<Results<Reply<IReadOnlyList<ModelResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        var found = Filter(query, db.ModelViewsOf(), enabledByDefault: null);
        return query.Error is { } error ? error : await found.ListAsync(db, page, enabledOnly: false, cancellationToken);
    }

    private static IQueryable<ModelView> Filter(QueryReader query, IQueryable<ModelView> views, bool? enabledByDefault)
    {
        var (companyId, mode, search) = (query.Text("company_id"), query.Text("mode"), query.Text("search"));
        var (isFree, isEnabled) = (query.Flag("is_free"), query.Flag("is_enabled") ?? enabledByDefault);
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

    private static async Task<Results<Revalidated, ApiError>> GetPublicAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.FindModelAsync(id, enabledOnly: true, cancellationToken) is { } model
            ? new Revalidated(Reply.Enveloped("Model retrieved successfully", model, "model"))
            : ApiError.ModelNotFound;

    private static async Task<Results<Reply<ModelResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.FindModelAsync(id, enabledOnly: false, cancellationToken) is { } model
            ? Reply.Enveloped("Model retrieved successfully", model, "model")
            : ApiError.ModelNotFound;

    private static async Task<Results<Reply<ModelResponse>, ApiError>> CreateAsync(
        JsonBody body,
        ModelDirectory models,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        members.RequiredText("company_id", 1, 36);
        members.RequiredText("name", 1, 255);
        if (members.Error is { } missing)
        {
            return missing;
        }
        var wish = ModelUpdate.Read(members);
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await models.CreateAsync(wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Model created successfully", (await db.FindModelAsync(id!, false, cancellationToken))!, "model")
            : refusal;
    }

    private static async Task<Results<Reply<ModelResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        ModelDirectory models,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = ModelUpdate.Read(members);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await models.UpdateAsync(id, wish, actor, cancellationToken) is { Refusal: { } refusal }
            ? refusal
            : Reply.Enveloped("Model updated successfully", (await db.FindModelAsync(id, false, cancellationToken))!, "model");
    }

    private static async Task<Results<Reply<DeletedModel>, ApiError>> DeleteAsync(
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

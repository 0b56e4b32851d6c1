using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Switches and prices of models, for admins.</summary>
internal static class ModelConfigEndpoints
{
    public static void MapModelConfigs(this IEndpointRouteBuilder routes)
    {
        var configs = routes.MapGroup("/admin/model-configs").RequireAuthorization(AccessPolicies.Admin);
        configs.MapGet("", ListAsync).Says("List configs", "Switches and prices of models, oldest first.");
        configs.MapGet("/{id}", GetAsync).Says("Show a config", "With every price and where it comes from.");
        configs
            .MapPost("", CreateAsync)
            .Says("Make a config", "Every model has a config from the start; this makes a new one after it was deleted.")
            .Refuses(404);
        configs
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says(
                "Change a config",
                "Prices are USD per unit. A price that is changed here is kept by every sync; null removes "
                    + "it, and the price of the upstream applies again."
            );
        configs
            .MapDelete("/{id}", DeleteAsync)
            .Says("Delete a config", "The model is enabled and has the prices of the upstream from then on.");
    }

    private static async Task<Results<ListEnvelope<ModelConfigResponse>, ApiError>> ListAsync(
        Query<ModelConfigQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (modelId, page) = (query.Value.ModelId, query.Value.Page);
        var found = db.ModelConfigs.AsNoTracking().Where(c => modelId == null || c.ModelId == modelId);
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found
            .OrderBy(c => c.CreatedAt)
            .ThenBy(c => c.Id)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        var rates = await db.FindRatesAsync(rows.ConvertAll(c => c.ModelId), cancellationToken);
        return Reply.List(
            "Model configs retrieved successfully",
            rows.ConvertAll(c => ModelConfigResponse.From(c, rates[c.ModelId])),
            total,
            page
        );
    }

    private static async Task<Results<Envelope<ModelConfigResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } config
            ? Reply.Enveloped("Model config retrieved successfully", config)
            : ModelConfigUpdates.NotFound;

    private static async Task<Results<CreatedEnvelope<ModelConfigResponse>, ApiError>> CreateAsync(
        Body<NewModelConfig> config,
        ModelConfigUpdates configs,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await configs.CreateAsync(config.Value.ModelId, config.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Model config created successfully", (await FindAsync(db, id!, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<ModelConfigResponse>, ApiError>> UpdateAsync(
        string id,
        Body<ModelConfigUpdate> update,
        ModelConfigUpdates configs,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await configs.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Model config updated successfully", (await FindAsync(db, id, cancellationToken))!);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        ModelConfigUpdates configs,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await configs.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Model config deleted successfully", null);

    private static async Task<ModelConfigResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken)
    {
        if (await db.ModelConfigs.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } config)
        {
            return null;
        }
        var rates = await db.FindRatesAsync([config.ModelId], cancellationToken);
        return ModelConfigResponse.From(config, rates[config.ModelId]);
    }
}

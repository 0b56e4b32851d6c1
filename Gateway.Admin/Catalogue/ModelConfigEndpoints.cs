using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Switches and prices of models, for admins.</summary>
internal static class ModelConfigEndpoints
{
    private const long LargestBound = 1_000_000_000;

    public static void MapModelConfigs(this IEndpointRouteBuilder routes)
    {
        var configs = routes.MapGroup("/admin/model-configs").RequireAuthorization(AccessPolicies.Admin);
        configs.MapGet("", ListAsync);
        configs.MapGet("/{id}", GetAsync);
        configs.MapPost("", CreateAsync);
        configs.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        configs.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<Results<Reply<IReadOnlyList<ModelConfigResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        var modelId = query.Text("model_id");
        if (query.Error is { } error)
        {
            return error;
        }
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
            "model_configs",
            rows.ConvertAll(c => ModelConfigResponse.From(c, rates[c.ModelId])),
            total,
            page
        );
    }

    private static async Task<Results<Reply<ModelConfigResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } config
            ? Reply.Enveloped("Model config retrieved successfully", config, "model_config")
            : ModelConfigUpdates.NotFound;

    private static async Task<Results<Reply<ModelConfigResponse>, ApiError>> CreateAsync(
        JsonBody body,
        ModelConfigUpdates configs,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var modelId = members.RequiredText("model_id", 1, 36);
        var wish = Read(members);
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await configs.CreateAsync(modelId, wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("Model config created successfully", (await FindAsync(db, id!, cancellationToken))!, "model_config")
            : refusal;
    }

    private static async Task<Results<Reply<ModelConfigResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        ModelConfigUpdates configs,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = Read(members);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await configs.UpdateAsync(id, wish, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Model config updated successfully", (await FindAsync(db, id, cancellationToken))!, "model_config");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
        string id,
        ModelConfigUpdates configs,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await configs.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Model config deleted successfully", null);

    /// <summary>Reads the switches and prices of a config.</summary>
    public static ModelConfigUpdate Read(MemberReader members) =>
        new(
            members.Flag("is_free"),
            members.Flag("is_enabled"),
            members.NullableWhole("image_token_bound", 0, LargestBound),
            ReadRates(members)
        );

    // A price may be sent by its own member or by its key in rates, but not as two different ones.
    private static Dictionary<RateKey, Rate?> ReadRates(MemberReader members)
    {
        var rates = members.Rates("rates") is { IsSent: true, Value: var sent } ? new Dictionary<RateKey, Rate?>(sent) : [];
        foreach (var (member, key) in PriceViews.All)
        {
            if (members.NullableRate(member) is not { IsSent: true, Value: var rate })
            {
                continue;
            }
            if (rates.TryGetValue(key, out var other) && other != rate)
            {
                members.Refuse(member, "contradiction", $"differs from rates.{key}");
            }
            rates[key] = rate;
        }
        return rates;
    }

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

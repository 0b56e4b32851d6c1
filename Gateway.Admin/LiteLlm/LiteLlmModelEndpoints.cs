using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Catalogue;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Admin.Tombstones;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// LiteLLM's own models, passed through. The catalogue here changes with the next sync, except where a route says
/// so.
/// </summary>
internal static class LiteLlmModelEndpoints
{
    private const string Entity = "litellm_model";

    public static void MapLiteLlmModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/admin/models/litellm").RequireAuthorization(AccessPolicies.Admin);
        models.MapGet("", ListAsync).Says("List LiteLLM's models", "As LiteLLM tells them.");
        models
            .MapGet(
                "/model-group",
                async (LiteLlmClient client, CancellationToken cancellationToken) =>
                    Reply.Enveloped("Model groups retrieved successfully", await ReadGroupsAsync(client, cancellationToken))
            )
            .Says("List LiteLLM's model groups", "As LiteLLM tells them.");
        models.MapGet("/{**model_id}", GetAsync).Says("Show a model of LiteLLM", "By the name that calls ask for.");
        models.MapPost("", CreateAsync).Says("Make a model at LiteLLM", "The gateway sees it with the next sync.");
        models.MapPut("", UpdateAsync).Says("Change a model of LiteLLM", "Changes the members that are sent.").Refuses(404);
        models.MapDelete("/{**model_id}", DeleteAsync).Says("Delete a model of LiteLLM", "The gateway sees it with the next sync.");

        var pages = routes.MapGroup("/admin/litellm/models").RequireAuthorization(AccessPolicies.Admin);
        pages
            .MapGet(
                "/group-info",
                async (LiteLlmClient client, CancellationToken cancellationToken) =>
                    Reply.Ok(new DataOf<List<ModelGroupResponse>>(await ReadGroupsAsync(client, cancellationToken)))
            )
            .Says("List model groups", "As the admin page reads them.");
        pages.MapGet("/info", GetInfoAsync).Says("List models with their parameters", "Secrets are masked.");
        pages.MapPost("", CreateAsync).Says("Make a model at LiteLLM", "The gateway sees it with the next sync.");
        pages
            .MapPut("", UpdateFromPageAsync)
            .Says("Change a model", "Here, and at LiteLLM. Prices of model_config are per token.")
            .Refuses(404);
        pages.MapDelete("/{**model_id}", DeleteFromPageAsync).Says("Delete a model", "Here, and at LiteLLM.");
    }

    private static async Task<Envelope<List<LiteLlmModelResponse>>> ListAsync(LiteLlmClient client, CancellationToken cancellationToken) =>
        Reply.Enveloped("Models retrieved successfully", await ReadModelsAsync(client, cancellationToken));

    private static async Task<Results<Envelope<LiteLlmModelResponse>, ApiError>> GetAsync(
        string model_id,
        LiteLlmClient client,
        CancellationToken cancellationToken
    ) =>
        (await ReadModelsAsync(client, cancellationToken)).Find(m => m.Id == Decoded(model_id)) is { } model
            ? Reply.Enveloped("Model retrieved successfully", model)
            : ApiError.ModelNotFound;

    private static async Task<Results<CreatedReply<Done>, ApiError>> CreateAsync(
        Body<NewLiteLlmModel> body,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var (name, info) = (body.Value.ModelName, body.Value.ModelInfo);
        DropZeroPrices(info);
        await models.CreateAsync(
            new JsonObject
            {
                ["model_name"] = name,
                ["litellm_params"] = body.Value.LitellmParams,
                ["model_info"] = info ?? [],
            },
            cancellationToken
        );
        await using (var change = await changes.BeginAsync(actor, cancellationToken))
        {
            await change.LiftAsync(ChangedEntities.Model, name, cancellationToken); // who makes it again wants it here too
            await change.CommitAsync(cancellationToken);
        }
        await changes.AuditAsync("litellm_model.created", Entity, name, actor, cancellationToken);
        return Reply.Created(new Done("Model created successfully in LiteLLM"));
    }

    private static async Task<Results<Reply<Done>, ApiError>> UpdateAsync(
        Body<LiteLlmModelUpdate> body,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var sent = body.Value;
        var (id, change) = (sent.ModelId, ToJson(sent.ModelName, sent.ModelInfo, sent.LitellmParams));
        await models.UpdateAsync(id, change, cancellationToken);
        await changes.AuditAsync("litellm_model.updated", Entity, id, actor, cancellationToken);
        return Reply.Ok(new Done("Model updated successfully in LiteLLM"));
    }

    private static async Task<Reply<Done>> DeleteAsync(
        string model_id,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await models.DeleteAsync(Decoded(model_id), cancellationToken);
        await changes.AuditAsync("litellm_model.deleted", Entity, Decoded(model_id), actor, cancellationToken);
        return Reply.Ok(new Done("Model deleted successfully from LiteLLM"));
    }

    private static async Task<Shown<LiteLlmInfoShape>> GetInfoAsync(LiteLlmClient client, CancellationToken cancellationToken)
    {
        var rows = await client.RequireModelInfoAsync(cancellationToken);
        return new(new JsonObject { ["data"] = new JsonArray([.. rows.Select(ShowInfo)]) });
    }

    // The page sends the local id, local members and prices in two units: those of model_config are per token and right,
    // those of model_info are not.
    private static async Task<Results<Reply<EditedModel>, ApiError>> UpdateFromPageAsync(
        Body<LiteLlmModelEdit> body,
        ModelDirectory directory,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var wish = body.Value;
        var (id, change) = (wish.ModelId, ToJson(wish.ModelName, wish.ModelInfo, wish.LitellmParams));
        if (await FindLocalAsync(db, id, cancellationToken) is not { } local)
        {
            await models.UpdateAsync(id, change, cancellationToken);
            await changes.AuditAsync("litellm_model.updated", Entity, id, actor, cancellationToken);
            return Reply.Ok(new EditedModel(true, "Model updated successfully", null, true, []));
        }
        var (rates, refusal) = await directory.UpdateAsync(local.Id, wish, actor, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }
        var (synced, warnings) = await TryUpdateAsync(local, wish.Config is null ? null : rates, change, models, cancellationToken);
        return Reply.Ok(
            new EditedModel(
                true,
                "Model updated successfully",
                await db.FindModelAsync(local.Id, enabledOnly: false, cancellationToken),
                synced,
                warnings
            )
        );
    }

    private static async Task<(bool Synced, IReadOnlyList<string> Warnings)> TryUpdateAsync(
        CatalogModel local,
        IReadOnlyDictionary<RateKey, Rate?>? rates,
        JsonObject change,
        LiteLlmModels models,
        CancellationToken cancellationToken
    )
    {
        if (local.ExternalId is not { } name)
        {
            return (false, []);
        }
        if (rates is not null)
        {
            var info = change["model_info"] as JsonObject ?? [];
            info.Remove("input_cost_per_token");
            info.Remove("output_cost_per_token");
            foreach (
                var (member, key) in new[] { ("input_cost_per_token", "input_token_cost"), ("output_cost_per_token", "output_token_cost") }
            )
            {
                if (rates.TryGetValue(PriceViews.All[key], out var rate) && rate is { } sent)
                {
                    info[member] = sent.ToUsd();
                }
            }
            change["model_info"] = info;
        }
        try
        {
            await models.UpdateAsync(name, change, cancellationToken);
            return (true, []);
        }
        catch (ApiErrorException fault)
        {
            return (false, [$"LiteLLM: {fault.Error.Text}"]);
        }
    }

    private static async Task<Results<Reply<DeletedFromPage>, ApiError>> DeleteFromPageAsync(
        string model_id,
        ModelDirectory directory,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var id = Decoded(model_id);
        if (await FindLocalAsync(db, id, cancellationToken) is not { } local)
        {
            await models.DeleteAsync(id, cancellationToken);
            await changes.AuditAsync("litellm_model.deleted", Entity, id, actor, cancellationToken);
            return Reply.Ok(new DeletedFromPage(true, "Model deleted successfully", []));
        }
        var (_, warnings) = await models.TryDeleteAsync(local, cancellationToken);
        return await directory.DeleteAsync(local.Id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Ok(new DeletedFromPage(true, "Model deleted successfully", warnings));
    }

    private static Task<CatalogModel?> FindLocalAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        db
            .Models.AsNoTracking()
            .Where(m => m.Id == id || m.ExternalId == id)
            .OrderByDescending(m => m.Id == id)
            .FirstOrDefaultAsync(cancellationToken);

    // What was sent, in LiteLLM's words.
    private static JsonObject ToJson(Optional<string> name, JsonObject? info, JsonObject? parameters)
    {
        DropZeroPrices(info);
        var change = new JsonObject();
        if (name.IsSent)
        {
            change["model_name"] = name.Value;
        }
        if (info is not null)
        {
            change["model_info"] = info;
        }
        if (parameters is not null)
        {
            change["litellm_params"] = parameters;
        }
        return change;
    }

    // A form writes 0 where no price is known; LiteLLM would take it for one. Who means 0 declares it in litellm_params.
    private static void DropZeroPrices(JsonObject? info)
    {
        foreach (
            var name in info?.Where(m => LiteLlmPriceReader.IsPriceMember(m.Key) && m.Value is JsonValue value && IsZero(value))
                .Select(m => m.Key)
                .ToList()
                ?? []
        )
        {
            info!.Remove(name);
        }
    }

    private static bool IsZero(JsonValue value) =>
        Rate.TryParseUsd(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(), out var rate)
        && rate == Rate.Zero;

    private static async Task<List<LiteLlmModelResponse>> ReadModelsAsync(LiteLlmClient client, CancellationToken cancellationToken)
    {
        var listed = await client.RequireModelsAsync(cancellationToken);
        var infos = (await client.GetModelInfoAsync(cancellationToken) ?? []).ToLookup(
            r => LiteLlmJson.Text(r, "model_name") ?? "",
            r => LiteLlmJson.Child(r, "model_info")
        );
        return [.. listed.Select(row => LiteLlmModelResponse.From(row, infos[LiteLlmJson.Text(row, "id") ?? ""].FirstOrDefault()))];
    }

    private static async Task<List<ModelGroupResponse>> ReadGroupsAsync(LiteLlmClient client, CancellationToken cancellationToken) =>
        [.. (await client.RequireModelGroupsAsync(cancellationToken)).Select(ModelGroupResponse.From)];

    private static JsonObject ShowInfo(JsonElement row)
    {
        var (parameters, info) = (LiteLlmJson.Child(row, "litellm_params"), LiteLlmJson.Child(row, "model_info"));
        return new JsonObject
        {
            ["model_name"] = LiteLlmJson.Text(row, "model_name"),
            ["litellm_params"] = new JsonObject
            {
                ["model"] = LiteLlmJson.Text(parameters, "model"),
                ["custom_llm_provider"] = LiteLlmJson.Text(parameters, "custom_llm_provider") ?? LiteLlmJson.Text(info, "litellm_provider"),
                ["api_key"] = "********",
            },
            ["model_info"] = new JsonObject
            {
                ["id"] = LiteLlmJson.Text(info, "id"),
                ["db_model"] = LiteLlmJson.Flag(info, "db_model"),
                ["mode"] = LiteLlmJson.Text(info, "mode"),
                ["input_cost_per_token"] = LiteLlmJson.Number(info, "input_cost_per_token"),
                ["output_cost_per_token"] = LiteLlmJson.Number(info, "output_cost_per_token"),
                ["max_tokens"] = LiteLlmJson.Number(info, "max_tokens"),
            },
        };
    }

    // The server leaves %2F alone when it decodes a path.
    private static string Decoded(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}

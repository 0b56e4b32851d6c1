using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Access;
using Gateway.Admin.Catalogue;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
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
        models.MapGet("", ListAsync);
        models.MapGet(
            "/model-group",
            async (LiteLlmClient client, CancellationToken cancellationToken) =>
                Reply.Enveloped("Model groups retrieved successfully", await ReadGroupsAsync(client, cancellationToken))
        );
        models.MapGet("/{**model_id}", GetAsync);
        models.MapPost("", CreateAsync);
        models.MapPut("", UpdateAsync);
        models.MapDelete("/{**model_id}", DeleteAsync);

        var pages = routes.MapGroup("/admin/litellm/models").RequireAuthorization(AccessPolicies.Admin);
        pages.MapGet(
            "/group-info",
            async (LiteLlmClient client, CancellationToken cancellationToken) =>
                Reply.Ok(new DataOf<List<ModelGroupResponse>>(await ReadGroupsAsync(client, cancellationToken)))
        );
        pages.MapGet("/info", GetInfoAsync);
        pages.MapPost("", CreateAsync);
        pages.MapPut("", UpdateFromPageAsync);
        pages.MapDelete("/{**model_id}", DeleteFromPageAsync);
    }

    private static async Task<Reply<List<LiteLlmModelResponse>>> ListAsync(LiteLlmClient client, CancellationToken cancellationToken) =>
        Reply.Enveloped("Models retrieved successfully", await ReadModelsAsync(client, cancellationToken), "models");

    private static async Task<Results<Reply<LiteLlmModelResponse>, ApiError>> GetAsync(
        string model_id,
        LiteLlmClient client,
        CancellationToken cancellationToken
    ) =>
        (await ReadModelsAsync(client, cancellationToken)).Find(m => m.Id == Decoded(model_id)) is { } model
            ? Reply.Enveloped("Model retrieved successfully", model, "model")
            : ApiError.ModelNotFound;

    private static async Task<Results<Reply<Done>, ApiError>> CreateAsync(
        JsonBody body,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var name = members.RequiredText("model_name", 1, 255);
        var parameters = members.Object("litellm_params");
        var info = members.Object("model_info");
        if (parameters is null || parameters["model"] is not JsonValue)
        {
            members.Refuse("litellm_params", "required", "is required: an object with model");
        }
        if (members.Error is { } error)
        {
            return error;
        }
        DropZeroPrices(info);
        await models.CreateAsync(
            new JsonObject
            {
                ["model_name"] = name,
                ["litellm_params"] = parameters,
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
        JsonBody body,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var id = members.RequiredText("model_id", 1, 255);
        var change = ReadChange(members);
        if (members.Error is { } error)
        {
            return error;
        }
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

    private static async Task<Reply<DataOf<List<JsonObject>>>> GetInfoAsync(LiteLlmClient client, CancellationToken cancellationToken)
    {
        var rows = await client.RequireModelInfoAsync(cancellationToken);
        return Reply.Ok(new DataOf<List<JsonObject>>([.. rows.Select(ShowInfo)]));
    }

    // The page sends the local id, local members and prices in two units: those of model_config are per token and right,
    // those of model_info are not.
    private static async Task<Results<Reply<EditedModel>, ApiError>> UpdateFromPageAsync(
        JsonBody body,
        ModelDirectory directory,
        LiteLlmModels models,
        ChangeWriter changes,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var id = members.RequiredText("model_id", 1, 255);
        var wish = ModelUpdate.Read(members);
        var change = ReadChange(members);
        if (members.Error is { } error)
        {
            return error;
        }
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

    private static JsonObject ReadChange(MemberReader members)
    {
        var change = new JsonObject();
        if (members.Text("model_name", 1, 255) is { IsSent: true, Value: var name })
        {
            change["model_name"] = name;
        }
        foreach (var member in new[] { "model_info", "litellm_params" })
        {
            if (members.Object(member) is { } sent)
            {
                change[member] = sent;
            }
        }
        DropZeroPrices(change["model_info"] as JsonObject);
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

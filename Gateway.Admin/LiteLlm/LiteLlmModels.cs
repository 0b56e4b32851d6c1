using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.LiteLlm;

/// <summary>Deployments of LiteLLM, found by their own id or by the name that clients call.</summary>
internal sealed class LiteLlmModels(LiteLlmClient client)
{
    /// <summary>The rows of <c>/model/info</c> with that id or name; empty when there is none.</summary>
    public async Task<IReadOnlyList<JsonElement>> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        var rows = await client.RequireModelInfoAsync(cancellationToken);
        var byId = rows.Where(r => IdOf(r) == idOrName).ToList();
        return byId.Count > 0 ? byId : [.. rows.Where(r => LiteLlmJson.Text(r, "model_name") == idOrName)];
    }

    public Task CreateAsync(JsonObject body, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Post, "model/new", body, cancellationToken);

    /// <summary>Changes every deployment of that id or name.</summary>
    /// <exception cref="ApiErrorException">404 when there is none; 502 when LiteLLM refuses.</exception>
    public async Task UpdateAsync(string idOrName, JsonObject changes, CancellationToken cancellationToken)
    {
        foreach (var id in await FindIdsAsync(idOrName, cancellationToken))
        {
            var body = (JsonObject)changes.DeepClone();
            var info = body["model_info"] as JsonObject ?? [];
            info["id"] = id;
            body["model_info"] = info;
            await client.SendAsync(HttpMethod.Post, "model/update", body, cancellationToken);
        }
    }

    /// <summary>Takes every deployment of that id or name away.</summary>
    /// <exception cref="ApiErrorException">404 when there is none; 502 when LiteLLM refuses.</exception>
    public async Task DeleteAsync(string idOrName, CancellationToken cancellationToken)
    {
        foreach (var id in await FindIdsAsync(idOrName, cancellationToken))
        {
            await client.SendAsync(HttpMethod.Post, "model/delete", new JsonObject { ["id"] = id }, cancellationToken);
        }
    }

    /// <summary>
    /// Takes a model of the catalogue away at LiteLLM, if it came from there; a failure is a warning, because the catalogue is ours.
    /// </summary>
    /// <returns>Whether it is gone there (null: it was never there), and what went wrong.</returns>
    public async Task<(bool? Deleted, IReadOnlyList<string> Warnings)> TryDeleteAsync(
        CatalogModel model,
        CancellationToken cancellationToken
    )
    {
        if (model.ExternalId is not { } name)
        {
            return (null, []);
        }
        try
        {
            await DeleteAsync(name, cancellationToken);
            return (true, []);
        }
        catch (ApiErrorException fault)
        {
            return (false, [$"LiteLLM: {fault.Error.Text}"]);
        }
    }

    public static string? IdOf(JsonElement row) => LiteLlmJson.Text(LiteLlmJson.Child(row, "model_info"), "id");

    private async Task<List<string>> FindIdsAsync(string idOrName, CancellationToken cancellationToken)
    {
        var ids = (await FindAsync(idOrName, cancellationToken)).Select(IdOf).OfType<string>().Distinct().ToList();
        return ids.Count > 0 ? ids : throw new ApiErrorException(ApiError.ModelNotFound);
    }
}

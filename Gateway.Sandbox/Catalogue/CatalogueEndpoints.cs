using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Catalogue;

/// <summary>What LiteLLM tells of its models.</summary>
internal static class CatalogueEndpoints
{
    public static void MapCatalogue(
        this IEndpointRouteBuilder routes,
        SandboxCatalogue catalogue,
        LiteLlmBehaviour behaviour,
        SandboxKeys keys
    )
    {
        var pages = new CataloguePages(catalogue, behaviour);
        foreach (var prefix in (string[])["/v1", ""])
        {
            routes.MapGet(prefix + "/models", http => WithKey(http, keys, () => Answer.WriteAsync(http, 200, pages.Models)));
            routes.MapGet(prefix + "/models/{**id}", http => WithKey(http, keys, () => GetModel(http, pages)));
            routes.MapGet(prefix + "/model/info", http => WithKey(http, keys, () => GetModelInfo(http, pages)));
        }
        routes.MapGet("/model_group/info", http => WithKey(http, keys, () => GetModelGroupInfo(http, pages)));
    }

    private static async Task WithKey(HttpContext http, SandboxKeys keys, Func<Task> answer)
    {
        if (!await keys.RefusedAsync(http))
        {
            await answer();
        }
    }

    private static Task GetModel(HttpContext http, CataloguePages pages)
    {
        var id = http.Request.RouteValues["id"]?.ToString() ?? "";
        return pages.TryGetModel(id, out var model)
            ? Answer.WriteAsync(http, 200, model)
            : Answer.DetailAsync(http, 404, $"The model `{id}` does not exist or is not accessible");
    }

    private static Task GetModelInfo(HttpContext http, CataloguePages pages)
    {
        if (!http.Request.Query.TryGetValue("litellm_model_id", out var id))
        {
            return Answer.WriteAsync(http, 200, pages.ModelInfo);
        }
        return pages.TryGetModelInfo(id.ToString(), out var page)
            ? Answer.WriteAsync(http, 200, page)
            : Answer.DetailErrorAsync(http, 400, $"Model id = {id} not found on litellm proxy");
    }

    private static Task GetModelGroupInfo(HttpContext http, CataloguePages pages) =>
        Answer.WriteAsync(
            http,
            200,
            pages.ModelGroupInfo(http.Request.Query["model_group"].ToString() is { Length: > 0 } group ? group : null)
        );
}

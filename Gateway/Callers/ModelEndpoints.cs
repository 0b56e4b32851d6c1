using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Callers;

/// <summary>The models that a caller may use, in OpenAI's shape; with and without <c>/v1</c>, and where Azure has them.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/v1", "", "/openai/v1", "/openai" })
        {
            routes.MapCallerRoute(prefix + "/models", ListModels);
            routes.MapCallerRoute(prefix + "/models/{**model}", GetModel); // names hold slashes
        }
    }

    private static Task ListModels(HttpContext http, Caller caller)
    {
        var policy = http.RequestServices.GetRequiredService<PolicySource>().Current;
        return http.Response.WriteAsJsonAsync(
            new ModelList([.. policy.Models.Where(m => IsVisible(m, caller, policy)).Select(ListedModel.From)]),
            CatalogueJson.Default.ModelList,
            cancellationToken: http.RequestAborted
        );
    }

    private static Task GetModel(HttpContext http, Caller caller)
    {
        var policy = http.RequestServices.GetRequiredService<PolicySource>().Current;
        // SDKs escape the slash of a name, and the server leaves %2F alone when it decodes a path.
        var name = ((string?)http.Request.RouteValues["model"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return policy.FindModel(name) is { } model && IsVisible(model, caller, policy)
            ? http.Response.WriteAsJsonAsync(
                ListedModel.From(model),
                CatalogueJson.Default.ListedModel,
                cancellationToken: http.RequestAborted
            )
            : http.RefuseAsync(Refusals.ModelNotFound(name));
    }

    private static bool IsVisible(PolicyModel model, Caller caller, PolicySnapshot policy) =>
        model.IsEnabled && caller.MayUse(model, policy);
}

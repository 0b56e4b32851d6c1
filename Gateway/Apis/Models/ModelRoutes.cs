using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Apis.Models;

/// <summary>
/// The models that a caller may use; with and without <c>/v1</c>, and where Azure has them. In OpenAI's shape, or in Anthropic's where the
/// request has an <c>anthropic-version</c>.
/// </summary>
internal static class ModelRoutes
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/v1", "", "/openai/v1", "/openai" })
        {
            routes.MapCallerRoute(prefix + "/models", ListModels).WithMetadata(ModelErrors.Form);
            routes.MapCallerRoute(prefix + "/models/{**model}", GetModel).WithMetadata(ModelErrors.Form); // names hold slashes
        }
    }

    private static Task ListModels(HttpContext http, Caller caller)
    {
        var policy = http.RequestServices.GetRequiredService<PolicySource>().Current;
        if (!ModelFilter.TryRead(http.Request.Query, policy.Models, out var filter, out var unknown))
        {
            return http.RefuseAsync(unknown);
        }
        var visible = policy.Models.Where(m => IsVisible(m, caller, policy) && filter.Passes(m));
        if (!ModelErrors.AsksForAnthropics(http.Request))
        {
            return http.Response.WriteAsJsonAsync(
                new ModelList([.. visible.Select(ListedModel.From)]),
                CatalogueJson.Default.ModelList,
                cancellationToken: http.RequestAborted
            );
        }
        return AnthropicModelPage.TryRead(http.Request.Query, [.. visible.Select(AnthropicModel.From)], out var page, out var refusal)
            ? http.Response.WriteAsJsonAsync(page, CatalogueJson.Default.AnthropicModelPage, cancellationToken: http.RequestAborted)
            : http.RefuseAsync(refusal!);
    }

    private static Task GetModel(HttpContext http, Caller caller)
    {
        var policy = http.RequestServices.GetRequiredService<PolicySource>().Current;
        // SDKs escape the slash of a name, and the server leaves %2F alone when it decodes a path.
        var name = ((string?)http.Request.RouteValues["model"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (policy.FindModel(name) is not { } model || !IsVisible(model, caller, policy))
        {
            return http.RefuseAsync(Refusals.ModelNotFound(name));
        }
        return ModelErrors.AsksForAnthropics(http.Request)
            ? http.Response.WriteAsJsonAsync(
                AnthropicModel.From(model),
                CatalogueJson.Default.AnthropicModel,
                cancellationToken: http.RequestAborted
            )
            : http.Response.WriteAsJsonAsync(
                ListedModel.From(model),
                CatalogueJson.Default.ListedModel,
                cancellationToken: http.RequestAborted
            );
    }

    private static bool IsVisible(PolicyModel model, Caller caller, PolicySnapshot policy) =>
        model.IsEnabled && caller.MayUse(model, policy);
}

namespace Gateway.Sandbox.Inference;

internal static class InferenceEndpoints
{
    public static void MapInference(this IEndpointRouteBuilder routes, InferenceHandler handler)
    {
        routes.MapPost("/v2/rerank", http => handler.HandleAsync(http, InferenceApi.Rerank, "/v2/rerank"));
        foreach (var prefix in (string[])["/v1", ""])
        {
            handler.Responses.Map(routes, prefix);
            foreach (var api in Enum.GetValues<InferenceApi>())
            {
                var path = prefix + api.Path(); // one text for all calls that the ledger keeps
                routes.MapPost(path, http => handler.HandleAsync(http, api, path));
            }
        }
    }
}

namespace Gateway.Sandbox.Inference;

internal static class InferenceEndpoints
{
    public static void MapInference(this IEndpointRouteBuilder routes, InferenceHandler handler)
    {
        foreach (var prefix in (string[])["/v1", ""])
        {
            routes.MapPost(prefix + "/chat/completions", http => handler.HandleAsync(http, InferenceApi.Chat));
            routes.MapPost(prefix + "/completions", http => handler.HandleAsync(http, InferenceApi.Completions));
            routes.MapPost(prefix + "/embeddings", http => handler.HandleAsync(http, InferenceApi.Embeddings));
        }
    }
}

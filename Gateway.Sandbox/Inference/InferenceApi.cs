namespace Gateway.Sandbox.Inference;

/// <summary>The inference APIs of the sandbox. Error texts name them as LiteLLM does, without <c>/v1</c>.</summary>
internal enum InferenceApi
{
    Chat,
    Completions,
    Embeddings,
}

internal static class InferenceApiNames
{
    public static string Path(this InferenceApi api) => api switch
    {
        InferenceApi.Chat => "/chat/completions",
        InferenceApi.Completions => "/completions",
        _ => "/embeddings",
    };

    /// <summary>The member without which LiteLLM refuses the call.</summary>
    public static string RequiredMember(this InferenceApi api) => api switch
    {
        InferenceApi.Chat => "messages",
        InferenceApi.Completions => "prompt",
        _ => "input",
    };
}

namespace Gateway.Sandbox.Inference;

internal static class InferenceApiNames
{
    public static string Path(this InferenceApi api) =>
        api switch
        {
            InferenceApi.Chat => "/chat/completions",
            InferenceApi.Completions => "/completions",
            InferenceApi.Messages => "/messages",
            InferenceApi.CountTokens => "/messages/count_tokens",
            InferenceApi.Responses => "/responses",
            _ => "/embeddings",
        };

    /// <summary>Whether its errors have Anthropic's form.</summary>
    public static bool IsAnthropics(this InferenceApi api) => api is InferenceApi.Messages or InferenceApi.CountTokens;

    /// <summary>The member without which LiteLLM refuses the call.</summary>
    public static string RequiredMember(this InferenceApi api) =>
        api switch
        {
            InferenceApi.Chat or InferenceApi.Messages or InferenceApi.CountTokens => "messages",
            InferenceApi.Completions => "prompt",
            _ => "input",
        };
}

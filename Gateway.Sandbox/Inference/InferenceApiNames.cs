namespace Gateway.Sandbox.Inference;

internal static class InferenceApiNames
{
    public static string Path(this InferenceApi api) =>
        api switch
        {
            InferenceApi.Chat => "/chat/completions",
            InferenceApi.Completions => "/completions",
            _ => "/embeddings",
        };

    /// <summary>The member without which LiteLLM refuses the call.</summary>
    public static string RequiredMember(this InferenceApi api) =>
        api switch
        {
            InferenceApi.Chat => "messages",
            InferenceApi.Completions => "prompt",
            _ => "input",
        };
}

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
            InferenceApi.InputTokens => "/responses/input_tokens",
            InferenceApi.Moderations => "/moderations",
            InferenceApi.Rerank => "/rerank",
            InferenceApi.Images => "/images/generations",
            InferenceApi.ImageEdits => "/images/edits",
            InferenceApi.ImageVariations => "/images/variations",
            InferenceApi.Speech => "/audio/speech",
            InferenceApi.Transcriptions => "/audio/transcriptions",
            InferenceApi.Translations => "/audio/translations",
            _ => "/embeddings",
        };

    /// <summary>Whether it answers with things instead of a text that is written token by token.</summary>
    public static bool AnswersWithThings(this InferenceApi api) =>
        api.CountsTokens() || api is InferenceApi.Embeddings or InferenceApi.Moderations or InferenceApi.Rerank;

    /// <summary>Whether it only counts what a call would read.</summary>
    public static bool CountsTokens(this InferenceApi api) => api is InferenceApi.CountTokens or InferenceApi.InputTokens;

    /// <summary>Whether its body is that of a response.</summary>
    public static bool TakesItems(this InferenceApi api) => api is InferenceApi.Responses or InferenceApi.InputTokens;

    /// <summary>Whether it makes or changes pictures.</summary>
    public static bool MakesImages(this InferenceApi api) =>
        api is InferenceApi.Images or InferenceApi.ImageEdits or InferenceApi.ImageVariations;

    /// <summary>Whether it makes text of sound.</summary>
    public static bool HearsSound(this InferenceApi api) => api is InferenceApi.Transcriptions or InferenceApi.Translations;

    /// <summary>Whether its errors have Anthropic's form.</summary>
    public static bool IsAnthropics(this InferenceApi api) => api is InferenceApi.Messages or InferenceApi.CountTokens;

    /// <summary>The member without which LiteLLM refuses the call.</summary>
    public static string RequiredMember(this InferenceApi api) =>
        api switch
        {
            InferenceApi.Chat or InferenceApi.Messages or InferenceApi.CountTokens => "messages",
            InferenceApi.Completions => "prompt",
            InferenceApi.Rerank => "documents",
            InferenceApi.Images => "prompt",
            InferenceApi.ImageEdits or InferenceApi.ImageVariations => "image",
            InferenceApi.Transcriptions or InferenceApi.Translations => "file",
            _ => "input",
        };
}

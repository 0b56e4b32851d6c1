using System.Collections.Frozen;
using Gateway.Core.Policy;

namespace Gateway.Limits.Bound;

/// <summary>
/// What a provider makes of a prompt beyond the bytes that the client sent. Upper bounds, shipped; an admin's value on the model goes
/// before.
/// </summary>
/// <param name="PromptOverheadTokens">Added to each prompt: roles, separators, a preamble of the chat template.</param>
/// <param name="ToolsOverheadTokens">Added when a call has tools or asks for a form of the answer.</param>
/// <param name="ImageTokens">The most that one image counts, at the highest detail; null when it has no bound that is known.</param>
/// <param name="FetchesOnlyImages">An image's address can only bring in an image. Elsewhere it may be a PDF or a video.</param>
/// <param name="SearchesUnasked">A model may search the web, for a fee, when the call does not ask for it.</param>
/// <param name="ReasonsWithinMaximum">Tokens of reasoning that a body asks for lie within the maximum of its answer.</param>
/// <param name="LimitsToolCalls">A call's <c>max_tool_calls</c> reaches the provider, and it holds to it.</param>
/// <param name="LimitsSearches">A search tool's <c>max_uses</c> reaches the provider, and it holds to it.</param>
internal readonly record struct ProviderAllowance(
    long PromptOverheadTokens,
    long ToolsOverheadTokens,
    long? ImageTokens,
    bool FetchesOnlyImages,
    bool SearchesUnasked = false,
    bool LimitsSearches = false,
    bool ReasonsWithinMaximum = true,
    bool LimitsToolCalls = false
)
{
    // Templates of open models add a preamble (gpt-oss: some 70 tokens, Llama 3.1: some 25) and instructions for tools (some 200 to 300).
    // The JSON around each message is longer than the separators that replace it, so the allowance is per prompt, not per message.
    private static readonly ProviderAllowance Open = new(512, 1_024, null, FetchesOnlyImages: true);

    // A provider that is not known may do all that any other does.
    private static readonly ProviderAllowance Other = Open with
    {
        FetchesOnlyImages = false,
        SearchesUnasked = true,
        ReasonsWithinMaximum = false,
    };

    // An image counts 85 + 170 tokens per tile of 512 pixels, at most 8 tiles, and gpt-4o-mini multiplies: 2,833 + 8 * 5,667. Models that
    // count patches stay far below (1,536 patches times 2.46).
    private static readonly ProviderAllowance OpenAi = new(128, 512, 48_169, FetchesOnlyImages: true, LimitsToolCalls: true);

    // The system prompt for tools is at most 530 tokens as documented. Images count width * height / 750 after scaling to at most 2,576
    // pixels a side. Addresses may be PDFs.
    private static readonly ProviderAllowance Anthropic = new(256, 1_024, 8_849, FetchesOnlyImages: false, LimitsSearches: true);

    // Images are cut into tiles whose number grows with the ratio of the sides without a documented end, and addresses may be PDFs, audio
    // or video.
    private static readonly ProviderAllowance OtherMedia = new(512, 1_024, null, FetchesOnlyImages: false);

    private static readonly FrozenDictionary<string, ProviderAllowance> ByProvider = new Dictionary<string, ProviderAllowance>
    {
        ["openai"] = OpenAi,
        ["azure"] = OpenAi,
        ["text-completion-openai"] = OpenAi,
        ["azure_text"] = OpenAi,
        ["anthropic"] = Anthropic,
        ["gemini"] = OtherMedia,
        ["vertex_ai"] = OtherMedia,
        ["bedrock"] = OtherMedia,
        ["bedrock_converse"] = OtherMedia,
        ["openrouter"] = OtherMedia with { SearchesUnasked = true, ReasonsWithinMaximum = false },
        ["dashscope"] = OtherMedia with { ReasonsWithinMaximum = false }, // Qwen counts its reasoning beside max_tokens
        ["litellm_proxy"] = OtherMedia with { SearchesUnasked = true, ReasonsWithinMaximum = false },
        ["xai"] = Open,
        ["groq"] = Open,
        ["mistral"] = Open,
        ["hosted_vllm"] = Open,
        ["ollama"] = Open,
        ["ollama_chat"] = Open,
        ["azure_ai"] = OtherMedia,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The allowance of a model: of several providers the worst in each respect.</summary>
    public static ProviderAllowance Of(PolicyModel model)
    {
        var worst = Of(model.Provider);
        for (var i = 1; i < model.Providers.Count; i++)
        {
            worst = worst.Or(Of(model.Providers[i]));
        }
        return worst;
    }

    /// <summary>The allowance of a provider, by LiteLLM's name of it; null is a provider that is not known.</summary>
    public static ProviderAllowance Of(string? provider) =>
        provider is null ? Other
        : ByProvider.TryGetValue(provider, out var known) ? known
        : provider.StartsWith("vertex_ai", StringComparison.Ordinal) ? OtherMedia
        : Other;

    private ProviderAllowance Or(in ProviderAllowance other) =>
        new(
            Math.Max(PromptOverheadTokens, other.PromptOverheadTokens),
            Math.Max(ToolsOverheadTokens, other.ToolsOverheadTokens),
            ImageTokens is { } tokens && other.ImageTokens is { } others ? Math.Max(tokens, others) : null,
            FetchesOnlyImages && other.FetchesOnlyImages,
            SearchesUnasked || other.SearchesUnasked,
            LimitsSearches && other.LimitsSearches,
            ReasonsWithinMaximum && other.ReasonsWithinMaximum,
            LimitsToolCalls && other.LimitsToolCalls
        );
}

using Gateway.Sandbox.Scenarios;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The <c>usage</c> object in the forms that LiteLLM gives it, by provider, API and behaviour.</summary>
internal static class UsageJson
{
    /// <summary>The usage of a plain chat, or of any stream.</summary>
    /// <param name="json">Where to append.</param>
    /// <param name="call">The call.</param>
    /// <param name="usage">The tokens.</param>
    /// <param name="cost">USD, told when above 0.</param>
    public static void Append(Utf8Builder json, InferenceCall call, in SandboxUsage usage, double cost)
    {
        AppendTotals(json, call.Scenario.Report == ToldUsage.Zero ? default : usage);
        if (call.Scenario.Report == ToldUsage.Estimated)
        {
            json.Raw(",\"completion_tokens_details\":{\"reasoning_tokens\":0,\"text_tokens\":"u8).Int(usage.CompletionTokens).Raw("}"u8);
        }
        else if (call.Scenario.Report != ToldUsage.Zero)
        {
            AppendDetails(json, call, usage);
        }
        if (cost > 0 && call.Scenario.Report != ToldUsage.Zero)
        {
            json.Raw(",\"cost\":"u8).Text(JsonText.PythonFloat(cost));
        }
        if (call.Deployment.IsAnthropic && call.Scenario.Report == ToldUsage.Full)
        {
            json.Raw(",\"cache_creation_input_tokens\":"u8)
                .Int(usage.CacheCreationTokens)
                .Raw(",\"cache_read_input_tokens\":"u8)
                .Int(usage.CachedTokens);
            json.Raw(call.IsStreamed ? ""u8 : ",\"service_tier\":\"standard\""u8);
        }
        json.Raw("}"u8);
    }

    /// <summary>What 1.81 leaves of a usage that it counted itself, or that came in a stream of completions.</summary>
    public static void AppendBare(Utf8Builder json, in SandboxUsage usage)
    {
        AppendTotals(json, usage);
        json.Raw(",\"completion_tokens_details\":{\"reasoning_tokens\":0}}"u8);
    }

    /// <summary>The usage of a plain completion: nulls are kept.</summary>
    public static void AppendCompletion(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        var told = call.Scenario.Report == ToldUsage.Zero ? default : usage;
        AppendTotals(json, told);
        json.Raw(",\"completion_tokens_details\":{\"accepted_prediction_tokens\":0,\"audio_tokens\":"u8)
            .Int(told.AudioOutputTokens)
            .Raw(",\"reasoning_tokens\":"u8)
            .Int(told.ReasoningTokens)
            .Raw(",\"rejected_prediction_tokens\":0,\"text_tokens\":null,\"image_tokens\":null,\"video_tokens\":null}"u8)
            .Raw(",\"prompt_tokens_details\":{\"audio_tokens\":"u8)
            .Int(told.AudioInputTokens)
            .Raw(",\"cached_tokens\":"u8)
            .Int(told.CachedTokens)
            .Raw(",\"image_tokens\":"u8);
        _ = told.ImageTokens > 0 ? json.Int(told.ImageTokens) : json.Raw("null"u8);
        json.Raw(",\"text_tokens\":null,\"video_tokens\":null,\"initial_prompt_tokens\":null}}"u8);
    }

    /// <summary>The usage of embeddings: no details, as nulls.</summary>
    public static void AppendEmbeddings(Utf8Builder json, in SandboxUsage usage)
    {
        AppendTotals(json, usage);
        json.Raw(",\"completion_tokens_details\":null,\"prompt_tokens_details\":null}"u8);
    }

    private static void AppendTotals(Utf8Builder json, in SandboxUsage usage) =>
        json.Raw("{\"completion_tokens\":"u8)
            .Int(usage.CompletionTokens)
            .Raw(",\"prompt_tokens\":"u8)
            .Int(usage.PromptTokens)
            .Raw(",\"total_tokens\":"u8)
            .Int((long)usage.PromptTokens + usage.CompletionTokens);

    private static void AppendDetails(Utf8Builder json, InferenceCall call, in SandboxUsage usage)
    {
        if (call.Deployment.IsAnthropic)
        {
            AppendAnthropicDetails(json, usage);
            return;
        }
        json.Raw(",\"completion_tokens_details\":{\"accepted_prediction_tokens\":0,\"audio_tokens\":"u8)
            .Int(usage.AudioOutputTokens)
            .Raw(",\"reasoning_tokens\":"u8)
            .Int(usage.ReasoningTokens)
            .Raw(",\"rejected_prediction_tokens\":0},\"prompt_tokens_details\":{\"audio_tokens\":"u8)
            .Int(usage.AudioInputTokens)
            .Raw(",\"cached_tokens\":"u8)
            .Int(usage.CachedTokens);
        if (usage.CacheCreationTokens > 0)
        {
            json.Raw(",\"cache_write_tokens\":"u8).Int(usage.CacheCreationTokens);
        }
        if (usage.ImageTokens > 0)
        {
            json.Raw(",\"image_tokens\":"u8).Int(usage.ImageTokens);
        }
        json.Raw("}"u8);
    }

    private static void AppendAnthropicDetails(Utf8Builder json, in SandboxUsage usage) =>
        json.Raw(",\"completion_tokens_details\":{\"reasoning_tokens\":"u8)
            .Int(usage.ReasoningTokens)
            .Raw(",\"text_tokens\":"u8)
            .Int(usage.CompletionTokens - usage.ReasoningTokens)
            .Raw("},\"prompt_tokens_details\":{\"cache_write_tokens\":"u8)
            .Int(usage.CacheCreationTokens)
            .Raw(",\"cached_tokens\":"u8)
            .Int(usage.CachedTokens)
            .Raw(",\"text_tokens\":"u8)
            .Int(usage.PromptTokens - usage.CachedTokens - usage.CacheCreationTokens)
            .Raw(",\"cache_creation_tokens\":"u8)
            .Int(usage.CacheCreationTokens)
            .Raw(",\"cache_creation_token_details\":{\"ephemeral_5m_input_tokens\":"u8)
            .Int(usage.CacheCreationTokens - usage.CacheCreationOneHourTokens)
            .Raw(",\"ephemeral_1h_input_tokens\":"u8)
            .Int(usage.CacheCreationOneHourTokens)
            .Raw("}}"u8);
}

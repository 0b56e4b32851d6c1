using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>What plain and streamed answers of Anthropic's messages share, and their errors.</summary>
internal static class AnthropicForm
{
    /// <summary>Cache reads and writes stand beside the input.</summary>
    public static void AppendUsage(Utf8Builder json, in SandboxUsage usage, bool withLifetimes)
    {
        json.Raw("{\"input_tokens\":"u8)
            .Int(usage.PromptTokens - usage.CachedTokens - usage.CacheCreationTokens)
            .Raw(",\"cache_creation_input_tokens\":"u8)
            .Int(usage.CacheCreationTokens)
            .Raw(",\"cache_read_input_tokens\":"u8)
            .Int(usage.CachedTokens);
        if (withLifetimes)
        {
            json.Raw(",\"cache_creation\":{\"ephemeral_5m_input_tokens\":"u8)
                .Int(usage.CacheCreationTokens - usage.CacheCreationOneHourTokens)
                .Raw(",\"ephemeral_1h_input_tokens\":"u8)
                .Int(usage.CacheCreationOneHourTokens)
                .Raw("}"u8);
        }
        json.Raw(",\"output_tokens\":"u8).Int(usage.CompletionTokens).Raw("}"u8);
    }

    public static ReadOnlySpan<byte> StopReason(InferenceCall call) =>
        call.IsCut ? "max_tokens"u8
        : call.UsesTools ? "tool_use"u8
        : "end_turn"u8;

    public static string TypeOf(int status) =>
        status switch
        {
            400 or 422 => "invalid_request_error",
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            529 => "overloaded_error",
            _ => "api_error",
        };
}

namespace Gateway.Sandbox.Scenarios;

/// <summary>What an answer tells of its usage.</summary>
internal enum ToldUsage
{
    Full,
    None,
    Zero,

    /// <summary>LiteLLM's own count, told by the missing <c>prompt_tokens_details</c>.</summary>
    Estimated,
    OnEveryChunk,
}

using Gateway.Bodies;

namespace Gateway.Apis.Chat;

/// <summary>
/// Members of a message and of a part of its content that bring nothing to the model but text that stands in the body, by where they come
/// from. Clients send a whole answer back as a message, so everything that LiteLLM and the providers put into one is here.
/// </summary>
internal static class MessageFamilies
{
    /// <summary>Members of a message.</summary>
    public static IReadOnlyList<MemberGroup> Texts { get; } =
    [
        new(BodyMember.Harmless, "OpenAI's own", "role", "name", "tool_call_id", "tool_calls", "function_call", "refusal", "annotations"),
        new(BodyMember.Harmless, "reasoning of an earlier answer, as text", "reasoning", "reasoning_content", "thinking"),
        new(
            BodyMember.Harmless,
            "reasoning of an earlier answer, as text or encrypted: what is encrypted has no fewer bytes than tokens",
            "thinking_blocks",
            "reasoning_details",
            "reasoning_items",
            "provider_specific_fields",
            "signature",
            "thought_signature",
            "encrypted_content"
        ),
        new(BodyMember.Harmless, "sources that an earlier answer named", "citations", "search_results", "videos_results"),
        new(
            BodyMember.Harmless,
            "labels of an earlier answer",
            "id",
            "index",
            "type",
            "status",
            "finish_reason",
            "stop_reason",
            "created",
            "created_at",
            "model",
            "object",
            "tool_name",
            "timestamp"
        ),
        new(BodyMember.Harmless, "begins or trains an answer, within its maximum", "prefix", "partial", "weight"),
        new(BodyMember.Harmless, "marks what is cached; cache writes are held at their own rate", "cache_control"),
    ];

    /// <summary>Members of a part of a message's content, beside those of its kind.</summary>
    public static IReadOnlyList<MemberGroup> PartLabels { get; } =
    [
        new(BodyMember.Harmless, "marks what is cached; cache writes are held at their own rate", "cache_control"),
        new(
            BodyMember.Harmless,
            "text that came with an earlier answer",
            "annotations",
            "citations",
            "provider_specific_fields",
            "signature",
            "thought_signature",
            "logprobs"
        ),
        new(BodyMember.Harmless, "labels", "id", "index", "status"),
    ];
}

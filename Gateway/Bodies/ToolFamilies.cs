namespace Gateway.Bodies;

/// <summary>Members of a tool that tell the model of it or mark it, by where they come from: none makes it run at the provider.</summary>
internal static class ToolFamilies
{
    /// <summary>The members.</summary>
    public static IReadOnlyList<MemberGroup> Texts { get; } =
    [
        new(
            BodyMember.Harmless,
            "OpenAI: the definition, whose bytes are held as tokens",
            "name",
            "description",
            "parameters",
            "strict",
            "format"
        ),
        new(
            BodyMember.Harmless,
            "Anthropic: marks and examples; who may call it are tools that have to stand there themselves",
            "cache_control",
            "defer_loading",
            "allowed_callers",
            "input_examples",
            "eager_input_streaming"
        ),
        new(
            BodyMember.Harmless,
            "MCP and frameworks: text beside the definition",
            "title",
            "annotations",
            "output_schema",
            "outputSchema",
            "returns",
            "examples",
            "metadata",
            "meta",
            "_meta"
        ),
    ];
}

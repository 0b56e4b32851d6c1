namespace Gateway.Bodies;

/// <summary>
/// What members of a body mean: those that APIs share, and those of <see cref="MemberFamilies"/>. One that is missing makes a call
/// unbounded, because it may bring in content, tools, choices or another maximum.
/// </summary>
internal static class BodyMembers
{
    /// <summary>The members that OpenAI's older APIs share.</summary>
    public static (string Name, BodyMember Rule)[] Common { get; } =
    [
        ("model", BodyMember.Model),
        ("metadata", BodyMember.Metadata),
        ("litellm_metadata", BodyMember.Metadata),
        ("max_tokens", BodyMember.MaxTokens),
        ("max_completion_tokens", BodyMember.MaxCompletionTokens),
        ("n", BodyMember.N),
        ("best_of", BodyMember.BestOf),
        ("service_tier", BodyMember.ServiceTier),
    ];

    /// <summary>The members of those that stream.</summary>
    public static (string Name, BodyMember Rule)[] Streaming { get; } =
    [("stream", BodyMember.Stream), ("stream_options", BodyMember.StreamOptions)];

    /// <summary>The members of Ollama's <c>options</c>.</summary>
    public static MemberTable<BodyMember> Options { get; } =
        new([.. MemberFamilies.Rules.Where(m => MemberFamilies.InOptions.Contains(m.Rule))]);

    /// <summary>The members of <c>extra_body</c>; a maximum there may replace the one at the top.</summary>
    public static MemberTable<BodyMember> Extra { get; } =
        new([
            ("max_tokens", BodyMember.OtherMaximum),
            ("max_completion_tokens", BodyMember.OtherMaximum),
            .. MemberFamilies.Rules.Where(m => MemberFamilies.InExtraBody.Contains(m.Rule)),
        ]);

    /// <summary>The members of <c>google</c>.</summary>
    public static MemberTable<BodyMember> Google { get; } =
        new([
            ("thinking_config", BodyMember.Harmless),
            ("thinkingConfig", BodyMember.Harmless),
            ("cached_content", BodyMember.StoredContent),
        ]);

    /// <summary>The table of an API: what it reads itself goes before what a family says of the name.</summary>
    public static MemberTable<BodyMember> Table((string Name, BodyMember Rule)[] own) =>
        new([.. own, .. MemberFamilies.Rules.ExceptBy(own.Select(m => m.Name), m => m.Name)]);
}

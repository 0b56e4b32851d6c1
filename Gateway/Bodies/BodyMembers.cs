using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>
/// What members of a body mean, per API: those that the gateway reads itself, and those of <see cref="MemberFamilies"/>. One that is
/// missing makes a call unbounded, because it may bring in content, tools, choices or another maximum.
/// </summary>
internal static class BodyMembers
{
    private static readonly (string, BodyMember)[] Common =
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

    private static readonly (string, BodyMember)[] Streaming =
    [
        ("stream", BodyMember.Stream),
        ("stream_options", BodyMember.StreamOptions),
    ];

    private static readonly MemberTable<BodyMember> Chat = Table([
        .. Common,
        .. Streaming,
        ("messages", BodyMember.Messages),
        ("tools", BodyMember.Tools),
        ("functions", BodyMember.Functions),
        ("response_format", BodyMember.ResponseFormat),
        ("modalities", BodyMember.Modalities),
        ("audio", BodyMember.Audio),
        ("prediction", BodyMember.Prediction),
        ("prompt", BodyMember.StoredContent),
    ]);

    private static readonly MemberTable<BodyMember> Completions = Table([
        .. Common,
        .. Streaming,
        ("prompt", BodyMember.Prompts),
        ("suffix", BodyMember.Harmless),
        ("response_format", BodyMember.ResponseFormat),
    ]);

    // An embedding is never streamed, whatever is asked for.
    private static readonly MemberTable<BodyMember> Embeddings = Table([
        .. Common,
        ("input", BodyMember.Prompts),
        ("stream", BodyMember.Harmless),
        ("stream_options", BodyMember.Harmless),
    ]);

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

    /// <summary>The table of an API.</summary>
    public static MemberTable<BodyMember> Of(InferenceApi api) =>
        api == InferenceApi.ChatCompletions ? Chat
        : api == InferenceApi.Completions ? Completions
        : api == InferenceApi.Embeddings ? Embeddings
        : throw new ArgumentOutOfRangeException(nameof(api), api.Name, "The API has no table of members.");

    // What an API reads itself goes before what a family says of the name.
    private static MemberTable<BodyMember> Table((string Name, BodyMember Rule)[] own) =>
        new([.. own, .. MemberFamilies.Rules.ExceptBy(own.Select(m => m.Name), m => m.Name)]);
}

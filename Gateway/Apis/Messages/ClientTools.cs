namespace Gateway.Apis.Messages;

/// <summary>
/// Anthropic's tools that the client runs itself, by the start of their <c>type</c> (a date follows). They have no definition in the body:
/// the provider adds one, of at most some 750 tokens each.
/// </summary>
internal static class ClientTools
{
    /// <summary>How the types begin.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = ["bash_", "text_editor_", "computer_", "memory_"];
}

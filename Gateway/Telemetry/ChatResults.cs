namespace Gateway.Telemetry;

/// <summary>What became of a message that was sent to a chat; a metric's label.</summary>
internal static class ChatResults
{
    /// <summary>The answer is stored.</summary>
    public const string Answered = "answered";

    /// <summary>What came of it is stored.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>Nothing came, or the call was refused.</summary>
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Answered, Incomplete, Failed];
}

namespace Gateway.Calls;

/// <summary>What a client says of its call, so that usage can be told apart by it.</summary>
/// <param name="EndUser">For whom the caller makes the call; null: not said.</param>
/// <param name="Tags">Its tags, each once, in the order in which they were sent.</param>
internal sealed record CallLabels(string? EndUser, IReadOnlyList<string> Tags)
{
    /// <summary>Nothing was said.</summary>
    public static readonly CallLabels None = new(null, []);
}

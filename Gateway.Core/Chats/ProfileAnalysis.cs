namespace Gateway.Core.Chats;

/// <summary>What was taken out of a chat, and the profile with it.</summary>
/// <param name="Extracted">The lists that were found; empty when there was nothing to read.</param>
/// <param name="MergedProfile">The ten lists as they are now.</param>
/// <param name="Message">What was done.</param>
public sealed record ProfileAnalysis(
    IReadOnlyDictionary<string, List<string>> Extracted,
    IReadOnlyDictionary<string, List<string>> MergedProfile,
    string Message
);

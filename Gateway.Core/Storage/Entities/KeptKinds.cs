namespace Gateway.Core.Storage.Entities;

/// <summary>The kinds of <see cref="KeptObject"/>.</summary>
public static class KeptKinds
{
    public const string Conversation = "conversation";
    public const string File = "file";
    public const string Batch = "batch";
}

namespace Gateway.Chats;

/// <summary>The settings of chats at one moment.</summary>
internal sealed record ChatSettingValues
{
    /// <summary>The model of chats that name none; empty: the first by name.</summary>
    public required string DefaultModel { get; init; }

    /// <summary>The most messages of a chat that the model sees, the new one included.</summary>
    public int ContextMessages { get; init; }

    /// <summary>The temperature of messages that name none.</summary>
    public double Temperature { get; init; }

    /// <summary>The first sentence of the system prompt; empty: ours.</summary>
    public required string SystemPrompt { get; init; }

    /// <summary>Whether facts about users are taken from each answer.</summary>
    public bool ExtractsProfiles { get; init; }

    /// <summary>The model that takes them; empty: the default one.</summary>
    public required string ExtractionModel { get; init; }

    /// <summary>The most files of a user.</summary>
    public long MostFiles { get; init; }
}

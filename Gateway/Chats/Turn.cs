using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;

namespace Gateway.Chats;

/// <summary>One message and the answer that is being made to it. While it is open, nobody else, on any node, answers in the chat.</summary>
internal sealed class Turn
{
    private volatile string _draft = "";

    /// <summary>The call: the id of its ledger entry.</summary>
    public required string CallId { get; init; }

    /// <summary>The chat as it stood before the message.</summary>
    public required Chat Chat { get; init; }

    /// <summary>The message that is answered.</summary>
    public required ChatMessage Message { get; init; }

    /// <summary>The id that the answer will have.</summary>
    public required string AnswerId { get; init; }

    /// <summary>Who answers.</summary>
    public required PolicyModel Model { get; init; }

    /// <summary>Whether the message itself names the model: then the chat keeps to it.</summary>
    public required bool NamesModel { get; init; }

    /// <summary>The files that are attached.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>What came of the answer so far.</summary>
    public string Draft
    {
        get => _draft;
        set => _draft = value;
    }
}

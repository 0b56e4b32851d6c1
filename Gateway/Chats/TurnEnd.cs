namespace Gateway.Chats;

/// <summary>How an answer ended, as its message will show it.</summary>
/// <param name="Content">All that came.</param>
/// <param name="IsIncomplete">Whether it broke off.</param>
/// <param name="TokensInput">Tokens of the prompt that are charged.</param>
/// <param name="TokensOutput">Tokens of the answer that are charged.</param>
/// <param name="CostNanoUsd">What is charged.</param>
/// <param name="Metadata">What else is told of it, as JSON.</param>
internal sealed record TurnEnd(
    string Content,
    bool IsIncomplete,
    long TokensInput,
    long TokensOutput,
    long CostNanoUsd,
    string Metadata = "{}"
);

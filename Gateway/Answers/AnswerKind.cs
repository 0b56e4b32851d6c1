namespace Gateway.Answers;

/// <summary>What an answer with a success status is.</summary>
internal enum AnswerKind
{
    /// <summary>Nothing that a client could use.</summary>
    None,
    Json,
    Events,

    /// <summary>Sound, or a text that is no JSON.</summary>
    Media,
}

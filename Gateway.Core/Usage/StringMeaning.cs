namespace Gateway.Core.Usage;

/// <summary>What a string in an answer is to the meter.</summary>
internal enum StringMeaning : byte
{
    None,

    /// <summary>Generated text: its bytes count.</summary>
    Text,

    /// <summary>Generated, but not text (an encrypted thought): only that it is there counts.</summary>
    Thing,

    /// <summary>Sound in base64: its bytes count, as sound.</summary>
    Sound,
    FinishReason,

    /// <summary>The <c>type</c> of an event.</summary>
    EventType,

    /// <summary>The <c>type</c> of an item of a response.</summary>
    ItemType,

    /// <summary>The whole text of an answer, which a stream repeats behind its pieces.</summary>
    FinalText,

    /// <summary>
    /// What was thought, by the member that holds it. Upstreams give the same thought under several names; within one answer the longest of
    /// these counts.
    /// </summary>
    ReasoningContent,
    Reasoning,
    Thinking,
    Thoughts,
}

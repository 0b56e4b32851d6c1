namespace Gateway.Core.Usage;

/// <summary>The members of an answer that the meter keeps.</summary>
internal enum AnswerMember : byte
{
    Id,
    Model,
    ServiceTier,
    Usage,
    Error,

    /// <summary>
    /// A usage that stands elsewhere: of a choice, of Groq's or Gemini's own member, of the envelope of a Messages or Responses event.
    /// </summary>
    OtherUsage,

    /// <summary>Ollama's counts at the root.</summary>
    PromptCount,
    AnswerCount,
}

/// <summary>What the root of a JSON text is.</summary>
internal enum JsonRoot : byte
{
    None,
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

/// <summary>How far a JSON text has come.</summary>
internal enum JsonScanState : byte
{
    Incomplete,
    Complete,
    Broken,
}

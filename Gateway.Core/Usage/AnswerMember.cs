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

    /// <summary>Of a response: where it stands.</summary>
    Status,

    /// <summary>Of pictures: in the places of members that their answers do not have.</summary>
    ImageSize = Status,
    ImageQuality = ServiceTier,
}

namespace Gateway.Core.Usage;

/// <summary>The events of Messages and Responses streams that say where the answer stands.</summary>
internal enum AnswerEvent : byte
{
    Other,

    /// <summary>Messages: a block of the content begins, or ends.</summary>
    BlockStart,
    BlockStop,

    /// <summary>Messages: nothing comes after it.</summary>
    MessageStop,

    /// <summary>Responses: the answer is whole.</summary>
    ResponseCompleted,

    /// <summary>Responses: the answer ended at its maximum, or at a filter.</summary>
    ResponseIncomplete,

    /// <summary>Pictures, sound, transcripts: what the stream was to bring is whole.</summary>
    PieceDone,
}

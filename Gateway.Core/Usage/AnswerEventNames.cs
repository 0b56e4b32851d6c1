namespace Gateway.Core.Usage;

/// <summary>The words of the events of streams.</summary>
internal static class AnswerEventNames
{
    /// <summary>What an event's <c>type</c> means.</summary>
    public static AnswerEvent Read(ReadOnlySpan<byte> type) =>
        type.Length switch
        {
            12 => type.SequenceEqual("message_stop"u8) ? AnswerEvent.MessageStop : AnswerEvent.Other,
            18 => type.SequenceEqual("content_block_stop"u8) ? AnswerEvent.BlockStop
            : type.SequenceEqual("response.completed"u8) ? AnswerEvent.ResponseCompleted
            : AnswerEvent.Other,
            19 => type.SequenceEqual("content_block_start"u8) ? AnswerEvent.BlockStart
            : type.SequenceEqual("response.incomplete"u8) ? AnswerEvent.ResponseIncomplete
            : AnswerEvent.Other,
            17 => type.SequenceEqual("speech.audio.done"u8) ? AnswerEvent.PieceDone : AnswerEvent.Other,
            20 => type.SequenceEqual("transcript.text.done"u8) || type.SequenceEqual("image_edit.completed"u8)
                ? AnswerEvent.PieceDone
                : AnswerEvent.Other,
            26 => type.SequenceEqual("image_generation.completed"u8) ? AnswerEvent.PieceDone : AnswerEvent.Other,
            _ => AnswerEvent.Other,
        };
}

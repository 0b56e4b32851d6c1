namespace Gateway.Core.Usage;

/// <summary>What a piece of an event stream is.</summary>
public enum SseEventKind : byte
{
    /// <summary>A whole event, ended by a blank line. <see cref="SseEvent.Data"/> may be empty (comments, stray blank lines).</summary>
    Event,

    /// <summary>
    /// A piece of an event too large to hold: <see cref="SseEvent.Data"/> is what of its payload lies in the piece. The last one has
    /// <see cref="SseEvent.EndsEvent"/>.
    /// </summary>
    Fragment,

    /// <summary>What stood unfinished when the stream ended.</summary>
    Tail,
}

namespace Gateway.Core.Usage;

/// <summary>One event of a server-sent event stream. Valid until the next call of the reader that handed it out.</summary>
public readonly ref struct SseEvent
{
    /// <summary>The bytes as they came, line ends included. All events' bytes one after the other are the stream.</summary>
    public ReadOnlySpan<byte> Raw { get; init; }

    /// <summary>The payload: the <c>data</c> lines, joined by LF when there are several.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>
    /// Where <see cref="Data"/> starts within <see cref="Raw"/>; -1 when it was joined from several lines or there is none.
    /// </summary>
    public int DataOffset { get; init; }

    /// <summary>The <c>event</c> line's value, or empty.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    public SseEventKind Kind { get; init; }

    /// <summary>True when the event has a <c>data</c> line; of a fragment, when it lies in one.</summary>
    public bool HasData { get; init; }

    /// <summary>Of a fragment: its event ends here.</summary>
    public bool EndsEvent { get; init; }

    /// <summary>Of a fragment: its data begins another <c>data</c> line, to be joined by LF.</summary>
    public bool BeginsNextLine { get; init; }

    /// <summary>Of a fragment: how many bytes more there are in lines that are no field of an event stream.</summary>
    public int StrayBytes { get; init; }

    /// <summary>
    /// True when <see cref="Raw"/> lies in the span given to <c>TryRead</c>, so that neighbours can be written in one go.
    /// </summary>
    public bool IsInPlace { get; init; }
}

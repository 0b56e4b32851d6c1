namespace Gateway.Core.Usage;

/// <summary>What one event of a stream is to the relay.</summary>
public enum ChunkKind : byte
{
    /// <summary>A comment, a stray line, something that is no JSON object: pass it on.</summary>
    Other,

    /// <summary>A chunk without usage: pass it on.</summary>
    Content,

    /// <summary>The usage chunk: nothing else is in it. A client that did not ask for usage does not get it.</summary>
    UsageOnly,

    /// <summary>
    /// Usage in a chunk that also says something (text, a role, why it ended). For a client that did not ask,
    /// <see cref="ChunkRewriter"/> cuts the usage out.
    /// </summary>
    ContentWithUsage,

    /// <summary>An error inside the stream: the call has failed, whatever follows.</summary>
    Error,

    /// <summary><c>[DONE]</c>. By itself it proves nothing.</summary>
    Done,

    /// <summary>A piece of an event too large to hold, not its last: what the event is, its last piece tells.</summary>
    Fragment,
}

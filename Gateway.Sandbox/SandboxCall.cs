namespace Gateway.Sandbox;

/// <summary>One call past authentication, as it stands at the moment of reading.</summary>
public sealed record SandboxCall
{
    /// <summary>Counts up from 1 over the life of the sandbox, in order of arrival.</summary>
    public required long Sequence { get; init; }

    /// <summary>The <c>x-litellm-call-id</c>, the caller's own if it sent one.</summary>
    public required string CallId { get; init; }

    /// <summary>The first 12 hex digits of the SHA-256 of the caller's key.</summary>
    public required string Key { get; init; }

    /// <summary>The model that was asked for; empty when the body named none.</summary>
    public required string Model { get; init; }

    /// <summary>The id of the answer; null when none was made.</summary>
    public string? RequestId { get; init; }

    /// <summary>The path called.</summary>
    public required string Path { get; init; }

    /// <summary>Whether a stream was asked for.</summary>
    public bool Stream { get; init; }

    /// <summary>The status answered; 0 when the connection was dropped before.</summary>
    public int Status { get; init; }

    /// <summary>How it ended.</summary>
    public SandboxOutcome Outcome { get; init; }

    /// <summary>The tokens that were used, whether the answer told of them or not; zero for a refused call.</summary>
    public SandboxUsage Usage { get; init; }

    /// <summary>Whether the answer carried <see cref="Usage"/> to the caller.</summary>
    public bool UsageReported { get; init; }

    /// <summary>What LiteLLM would say the call cost, in USD.</summary>
    public double Cost { get; init; }

    /// <summary>Events written, without <c>[DONE]</c> and comments.</summary>
    public int ChunksSent { get; init; }

    /// <summary>UTF-8 bytes of answer text, reasoning and tool arguments written.</summary>
    public long ContentBytesSent { get; init; }

    /// <summary>When the call was read.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the caller sent; null when bodies are not kept, or it is too long ago.</summary>
    public SandboxReceived? Received { get; init; }
}

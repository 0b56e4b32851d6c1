namespace Gateway.Core.Usage;

/// <summary>How an answer with status 200 ended.</summary>
public enum AnswerOutcome : byte
{
    /// <summary>There was content or usage, and the end was a proper one.</summary>
    Complete,

    /// <summary>An error frame or member, or neither content nor usage: no answer, whatever the status said.</summary>
    Failed,

    /// <summary>Something passed, but the end never came: no <c>[DONE]</c>, JSON that stops or breaks, a client that left.</summary>
    Truncated,
}

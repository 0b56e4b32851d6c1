namespace Gateway.Core.Usage;

/// <summary>How an API counts: whether cached tokens are inside or beside its input.</summary>
public enum UsageShape : byte
{
    /// <summary>
    /// Chat, completions, embeddings: <c>prompt_tokens</c> holds cached tokens, <c>completion_tokens</c> holds reasoning.
    /// </summary>
    OpenAi,

    /// <summary>Responses: <c>input_tokens</c> holds cached tokens, <c>output_tokens</c> holds reasoning.</summary>
    Responses,

    /// <summary>Anthropic Messages: <c>input_tokens</c> stands beside cache reads and writes.</summary>
    Messages,

    /// <summary>
    /// APIs that answer with things: verdicts, ranks, pictures, sound, transcripts. <c>input_tokens</c> holds cached tokens; a total
    /// without parts is what was read; pieces stand in <c>meta.billed_units</c>.
    /// </summary>
    Pieces,
}

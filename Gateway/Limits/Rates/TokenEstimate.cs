namespace Gateway.Limits.Rates;

/// <summary>
/// What a call is expected to count in windows of tokens, until its real usage is known. Windows are no money: a bound that is surely
/// enough would let nearly nobody in. Immutable; <see cref="Input"/> is never above <see cref="Usual"/>, nor that above <see cref="Full"/>.
/// </summary>
internal readonly record struct TokenEstimate
{
    /// <summary>The most tokens that one call is counted with, so that no sum can overflow.</summary>
    public const long MostTokens = 1L << 40;

    /// <param name="input">The prompt as it is likely to be, tokens.</param>
    /// <param name="usual">The prompt and the answer that the model usually gives.</param>
    /// <param name="full">The prompt and the whole maximum that the client set; the same as <paramref name="usual"/> where it set
    /// none.</param>
    public TokenEstimate(long input, long usual, long full)
    {
        Input = Math.Clamp(input, 0, MostTokens);
        Usual = Math.Clamp(usual, Input, MostTokens);
        Full = Math.Clamp(full, Usual, MostTokens);
    }

    /// <summary>The prompt alone: a call whose prompt is larger than a limit never fits.</summary>
    public long Input { get; }

    /// <summary>The prompt and a usual answer.</summary>
    public long Usual { get; }

    /// <summary>The prompt and the longest answer that the client allows.</summary>
    public long Full { get; }

    /// <summary>A call of which nothing is to be guessed.</summary>
    public static TokenEstimate Exactly(long tokens) => new(tokens, tokens, tokens);

    /// <summary>
    /// What is taken under a limit of so many tokens. A client's maximum counts as long as it fits the whole limit; one that is larger is
    /// often a default of its SDK or tool, and counts as a usual answer; where even that does not fit, the call takes all that there is.
    /// Above the limit only when the prompt alone is.
    /// </summary>
    public long Within(long limit) =>
        Full <= limit ? Full
        : Usual <= limit ? Usual
        : Math.Max(Input, limit);
}

namespace Gateway.Limits.Rates;

/// <summary>How a call ended, as windows see it.</summary>
internal readonly record struct LeaseEnd
{
    /// <summary>The upstream never answered: the request is given back, and no tokens were used.</summary>
    public static readonly LeaseEnd NeverAnswered = new(false, 0);

    /// <summary>Nobody knows: the request counts, and the estimate stays.</summary>
    public static readonly LeaseEnd Unknown = new(true, null);

    private LeaseEnd(bool isCounted, long? tokens)
    {
        IsCounted = isCounted;
        Tokens = tokens;
    }

    /// <summary>Whether the request counts.</summary>
    public bool IsCounted { get; }

    /// <summary>The tokens used, prompt and answer; null: the estimate.</summary>
    public long? Tokens { get; }

    /// <summary>The upstream answered, well or badly. Tokens beyond the estimate count too.</summary>
    public static LeaseEnd Answered(long tokens) => new(true, Math.Clamp(tokens, 0, TokenEstimate.MostTokens));
}

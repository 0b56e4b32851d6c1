namespace Gateway.Core.Usage;

/// <summary>Counts for answers whose upstream reported none: four bytes to a token, rounded up.</summary>
public static class UsageEstimator
{
    private const int BytesPerToken = 4;

    /// <summary>Usage from the bytes of the request's body and the bytes of generated text that passed.</summary>
    public static TokenUsage Estimate(long requestBodyBytes, long contentBytes) =>
        TokenUsage.OfText(TokensIn(requestBodyBytes), TokensIn(contentBytes));

    private static long TokensIn(long bytes) => Math.Min((Math.Max(0, bytes) / BytesPerToken) + (bytes % BytesPerToken > 0 ? 1 : 0), TokenUsage.MaxCount);
}

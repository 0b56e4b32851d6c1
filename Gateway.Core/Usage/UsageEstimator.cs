namespace Gateway.Core.Usage;

/// <summary>
/// Counts for answers whose upstream reported none: four bytes of text to a token, sound by its length, pictures by the piece, all rounded
/// up.
/// </summary>
public static class UsageEstimator
{
    private const int BytesPerToken = 4;

    // Streamed sound is 16-bit PCM at 24 kHz, 64,000 bytes of base64 a second, and a second is 20 tokens.
    private const int SoundBytesPerToken = 3_200;

    // What Gemini counts for a picture of its usual size.
    private const int TokensPerImage = 1_290;

    /// <summary>Usage from the bytes of the request's body and the bytes of generated text that passed.</summary>
    /// <param name="requestBodyBytes">The body's length.</param>
    /// <param name="contentBytes">Bytes of text that passed.</param>
    /// <param name="soundBytes">Bytes of sound that passed, in base64.</param>
    /// <param name="images">Pictures that passed.</param>
    public static TokenUsage Estimate(long requestBodyBytes, long contentBytes, long soundBytes = 0, long images = 0) =>
        TokenUsage.OfText(TokensIn(requestBodyBytes, BytesPerToken), TokensIn(contentBytes, BytesPerToken)) with
        {
            OutputAudio = TokensIn(soundBytes, SoundBytesPerToken),
            OutputImage = Math.Min(images, TokenUsage.MaxCount / TokensPerImage) * TokensPerImage,
        };

    private static long TokensIn(long bytes, int bytesPerToken) =>
        Math.Min((Math.Max(0, bytes) / bytesPerToken) + (bytes % bytesPerToken > 0 ? 1 : 0), TokenUsage.MaxCount);
}

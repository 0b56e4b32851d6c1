using Gateway.Core.Usage;

namespace Gateway.Realtime;

/// <summary>
/// How long the conversation is, as far as the gateway sees it: the tokens of the last response that told them, and the bytes that came
/// since. For what a response used that never told. Thread-safe.
/// </summary>
internal sealed class SessionContext
{
    // Sound goes in as 16-bit PCM at 24 kHz mostly, 64,000 bytes of base64 a second, of which the provider makes 10 tokens.
    private const int SoundBytesPerToken = 6_400;

    private long _tokens;
    private long _textBytes;
    private long _soundBytes;

    /// <summary>The conversation now.</summary>
    public Size Now => new(Interlocked.Read(ref _tokens), Interlocked.Read(ref _textBytes), Interlocked.Read(ref _soundBytes));

    /// <summary>Adds what a side said.</summary>
    public void Add(long textBytes, long soundBytes)
    {
        Interlocked.Add(ref _textBytes, textBytes);
        Interlocked.Add(ref _soundBytes, soundBytes);
    }

    /// <summary>A response told its usage: all that was there when it began is in it, and what it made.</summary>
    public void Told(in TokenUsage usage, Size before, long madeTextBytes, long madeSoundBytes)
    {
        Interlocked.Exchange(ref _tokens, usage.TotalTokens);
        Add(-before.TextBytes - madeTextBytes, -before.SoundBytes - madeSoundBytes);
    }

    /// <summary>A length.</summary>
    /// <param name="Tokens">Told.</param>
    /// <param name="TextBytes">Bytes of text beside.</param>
    /// <param name="SoundBytes">Bytes of sound beside, in base64.</param>
    internal readonly record struct Size(long Tokens, long TextBytes, long SoundBytes)
    {
        /// <summary>What a response that read this and made so much is likely to have used.</summary>
        public TokenUsage Estimate(long madeTextBytes, long madeSoundBytes)
        {
            var usage = UsageEstimator.Estimate(Math.Max(0, TextBytes), madeTextBytes, madeSoundBytes);
            return usage with
            {
                Input = Math.Min(TokenUsage.MaxCount, usage.Input + Tokens),
                InputAudio = (Math.Max(0, SoundBytes) + SoundBytesPerToken - 1) / SoundBytesPerToken,
            };
        }
    }
}

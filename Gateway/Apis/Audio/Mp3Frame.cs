namespace Gateway.Apis.Audio;

/// <summary>A frame of MPEG's third layer.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Microseconds">How long it sounds.</param>
internal readonly record struct Mp3Frame(int Bytes, long Microseconds)
{
    private static readonly int[] Rates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Rates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] Samples = [44_100, 48_000, 32_000];

    /// <summary>Reads the header of a frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp3Frame frame)
    {
        const int Layer3 = 1;
        frame = default;
        if (bytes.Length < 4 || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0)
        {
            return false;
        }
        var version = (bytes[1] >> 3) & 3; // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
        var rateIndex = bytes[2] >> 4;
        var sampleIndex = (bytes[2] >> 2) & 3;
        if (version == 1 || ((bytes[1] >> 1) & 3) != Layer3 || rateIndex is 0 or 15 || sampleIndex == 3)
        {
            return false;
        }
        var kilobits = (version == 3 ? Rates1 : Rates2)[rateIndex];
        var rate =
            Samples[sampleIndex]
            / (
                version == 3 ? 1
                : version == 2 ? 2
                : 4
            );
        var samples = version == 3 ? 1_152 : 576;
        var padding = (bytes[2] >> 1) & 1;
        frame = new((samples / 8 * kilobits * 1_000 / rate) + padding, samples * 1_000_000L / rate);
        return true;
    }
}

using System.Buffers.Binary;

namespace Gateway.Apis.Audio;

/// <summary>
/// How long the sound in a file is: as its container says, and at most. A header can lie, so that only the plain samples of a WAV file,
/// which are counted, bound what a provider can hear; of anything else the bytes do.
/// </summary>
internal static class AudioLength
{
    private const int LongestMilliseconds = int.MaxValue;

    // The lowest rate that MPEG's third layer has: 8 kbit/s.
    private const int LeastMp3BytesPerSecond = 1_000;

    /// <summary>What the container says, in milliseconds; null when it says nothing that is understood.</summary>
    public static long? Told(ReadOnlySpan<byte> file) => Wav(file) ?? Flac(file) ?? Ogg(file) ?? Mp4(file) ?? Mp3(file);

    /// <summary>The most milliseconds that the file can hold.</summary>
    /// <param name="file">The file.</param>
    /// <param name="leastBytesPerSecond">Fewer bytes make no second of speech in any format.</param>
    public static long Most(ReadOnlySpan<byte> file, int leastBytesPerSecond) =>
        Wav(file) ?? AtRate(file.Length, IsMp3(file) ? Math.Max(LeastMp3BytesPerSecond, leastBytesPerSecond) : leastBytesPerSecond);

    private static long AtRate(long bytes, long bytesPerSecond) => ((bytes * 1_000) + bytesPerSecond - 1) / bytesPerSecond;

    // RIFF: chunks of which "fmt " has the rate. The data is what stands there, whatever its length says.
    private static long? Wav(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
        {
            return null;
        }
        long rate = 0;
        for (var at = 12; at + 8 <= file.Length; )
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var chunk = file[at..];
            if (chunk.StartsWith("data"u8))
            {
                return rate > 0 ? Bounded(AtRate(file.Length - at - 8, rate)) : null;
            }
            if (chunk.StartsWith("fmt "u8) && chunk.Length >= 24)
            {
                rate = WavRate(chunk[8..]);
            }
            if (size > file.Length)
            {
                return null;
            }
            at += 8 + (int)size + (int)(size & 1);
        }
        return null;
    }

    // Bytes per second of plain samples, whole or as floats; 0 for what is packed.
    private static long WavRate(ReadOnlySpan<byte> format)
    {
        const ushort Integer = 1;
        const ushort Float = 3;
        const ushort Extensible = 0xFFFE;
        var kind = BinaryPrimitives.ReadUInt16LittleEndian(format);
        long channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        long samples = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        long bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        return kind is Integer or Float or Extensible ? channels * samples * (bits / 8) : 0;
    }

    private static long? Flac(ReadOnlySpan<byte> file)
    {
        // The first block is STREAMINFO: 20 bits of rate, 8 of other things, 36 of samples.
        if (file.Length < 26 || !file.StartsWith("fLaC"u8))
        {
            return null;
        }
        var fields = BinaryPrimitives.ReadUInt64BigEndian(file[18..]);
        var rate = (long)(fields >> 44);
        var samples = (long)(fields & 0xF_FFFF_FFFF);
        return rate > 0 && samples > 0 ? Bounded(samples * 1_000 / rate) : null;
    }

    // The position of the last page; Opus counts at 48 kHz whatever it was, Vorbis at the rate of its first page.
    private static long? Ogg(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("OggS"u8))
        {
            return null;
        }
        var head = file[..Math.Min(file.Length, 128)];
        var opus = head.IndexOf("OpusHead"u8);
        var vorbis = head.IndexOf("\u0001vorbis"u8);
        long rate = 0;
        if (opus >= 0)
        {
            rate = 48_000;
        }
        else if (vorbis >= 0 && vorbis + 16 <= head.Length)
        {
            rate = BinaryPrimitives.ReadUInt32LittleEndian(head[(vorbis + 12)..]);
        }
        var last = file.LastIndexOf("OggS"u8);
        if (rate <= 0 || last + 14 > file.Length)
        {
            return null;
        }
        var position = BinaryPrimitives.ReadInt64LittleEndian(file[(last + 6)..]);
        return position is > 0 and < (1L << 50) ? Bounded(position * 1_000 / rate) : null;
    }

    // The movie header: a time scale and a duration in it.
    private static long? Mp4(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[4..].StartsWith("ftyp"u8))
        {
            return null;
        }
        var at = file.IndexOf("mvhd"u8);
        if (at < 0 || at + 36 > file.Length)
        {
            return null;
        }
        var box = file[(at + 4)..];
        var isLong = box[0] == 1;
        var scale = BinaryPrimitives.ReadUInt32BigEndian(box[(isLong ? 20 : 12)..]);
        var duration = isLong ? BinaryPrimitives.ReadUInt64BigEndian(box[24..]) : BinaryPrimitives.ReadUInt32BigEndian(box[16..]);
        return scale > 0 && duration is > 0 and < (1UL << 50) ? Bounded((long)duration * 1_000 / scale) : null;
    }

    private static bool IsMp3(ReadOnlySpan<byte> file) => file.StartsWith("ID3"u8) || Mp3Frame.TryRead(file, out _);

    // Frame by frame: each says how long it is.
    private static long? Mp3(ReadOnlySpan<byte> file)
    {
        if (!IsMp3(file))
        {
            return null;
        }
        var at = file.StartsWith("ID3"u8) && file.Length >= 10 ? 10 + TagLength(file) : 0;
        var microseconds = 0L;
        while (at < file.Length && Mp3Frame.TryRead(file[at..], out var frame))
        {
            microseconds += frame.Microseconds;
            at += frame.Bytes;
        }
        return microseconds > 0 ? Bounded(microseconds / 1_000) : null;
    }

    private static int TagLength(ReadOnlySpan<byte> tag) => (tag[6] << 21) | (tag[7] << 14) | (tag[8] << 7) | tag[9];

    private static long? Bounded(long milliseconds) => milliseconds is >= 0 and <= LongestMilliseconds ? milliseconds : null;
}

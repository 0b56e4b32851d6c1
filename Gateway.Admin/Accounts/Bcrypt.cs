using System.Buffers.Binary;
using System.Numerics;

namespace Gateway.Admin.Accounts;

/// <summary><see cref="Bcrypt.Hash"/>.</summary>
internal delegate byte[] BcryptFunction(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int padToCost = 0);

/// <summary>
/// bcrypt (Provos and Mazières, 1999), for the hashes that an import brought; new ones are never made. Blowfish is set up from salt and password 2^cost times, then
/// enciphers a fixed text. At most 72 bytes of the password count: that is the old rule, and why such a hash is replaced at the next sign-in.
/// </summary>
internal static class Bcrypt
{
    /// <summary>Bytes of a salt.</summary>
    public const int SaltBytes = 16;

    /// <summary>Bytes of a hash: the last of the 24 enciphered ones was never stored.</summary>
    public const int HashBytes = 23;

    private const int SubkeyCount = 18;
    private const int BoxSize = 1_024;
    private const int LongestPassword = 72;

    // Blowfish begins with the fraction of pi in binary. It is computed when the first imported hash comes, which most installations never see.
    private static readonly Lazy<uint[]> Pi = new(() => FractionOfPi(SubkeyCount + BoxSize));

    /// <summary>Hashes a password.</summary>
    /// <param name="password">The password in UTF-8, without its closing zero.</param>
    /// <param name="salt">16 bytes.</param>
    /// <param name="cost">The work is 2 to this power.</param>
    /// <param name="padToCost">Work on, for nothing, until it was 2 to this power: so that hashes of different costs take the same time.</param>
    public static byte[] Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int padToCost = 0)
    {
        var key = new byte[Math.Min(password.Length + 1, LongestPassword)];
        password[..Math.Min(password.Length, LongestPassword)].CopyTo(key);
        var cipher = new Blowfish(Pi.Value);
        cipher.Expand(key, salt);
        Span<byte> noSalt = stackalloc byte[SaltBytes];
        noSalt.Clear();
        for (var round = 0L; round < 1L << cost; round++)
        {
            cipher.Expand(key, noSalt);
            cipher.Expand(salt, noSalt);
        }
        var hash = cipher.EncipherText();
        for (var round = 1L << cost; round < 1L << padToCost; round++)
        {
            cipher.Expand(key, noSalt);
            cipher.Expand(salt, noSalt);
        }
        return hash;
    }

    // Machin: pi = 16 atan(1/5) - 4 atan(1/239), in fixed point with 64 bits to spare for the rounding of each term.
    private static uint[] FractionOfPi(int words)
    {
        var bits = (words * 32) + 64;
        var pi = (16 * ArcTangent(5, bits)) - (4 * ArcTangent(239, bits));
        var fraction = (pi - (new BigInteger(3) << bits)) >> 64;
        var bytes = fraction.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[words * sizeof(uint)];
        bytes.CopyTo(padded, padded.Length - bytes.Length);
        return [.. Enumerable.Range(0, words).Select(i => BinaryPrimitives.ReadUInt32BigEndian(padded.AsSpan(i * sizeof(uint))))];
    }

    private static BigInteger ArcTangent(int inverse, int bits)
    {
        var power = (BigInteger.One << bits) / inverse;
        var sum = power;
        var square = inverse * inverse;
        for (var divisor = 3; !power.IsZero; divisor += 2)
        {
            power /= square;
            var term = power / divisor;
            sum += divisor % 4 == 3 ? -term : term;
        }
        return sum;
    }

    private sealed class Blowfish(uint[] pi)
    {
        private static readonly uint[] Text = [.. "OrpheanBeholderScryDoubt".Chunk(4).Select(c => ((uint)c[0] << 24) | ((uint)c[1] << 16) | ((uint)c[2] << 8) | c[3])];

        private readonly uint[] _subkeys = pi[..SubkeyCount];
        private readonly uint[] _boxes = pi[SubkeyCount..];

        public void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
        {
            var position = 0;
            for (var i = 0; i < SubkeyCount; i++)
            {
                _subkeys[i] ^= NextWord(key, ref position);
            }
            uint left = 0, right = 0;
            position = 0;
            foreach (var table in (ReadOnlySpan<uint[]>)[_subkeys, _boxes])
            {
                for (var i = 0; i < table.Length; i += 2)
                {
                    left ^= NextWord(salt, ref position);
                    right ^= NextWord(salt, ref position);
                    Encipher(ref left, ref right);
                    (table[i], table[i + 1]) = (left, right);
                }
            }
        }

        public byte[] EncipherText()
        {
            var bytes = new byte[Text.Length * sizeof(uint)];
            for (var i = 0; i < Text.Length; i += 2)
            {
                var (left, right) = (Text[i], Text[i + 1]);
                for (var times = 0; times < 64; times++)
                {
                    Encipher(ref left, ref right);
                }
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * sizeof(uint)), left);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((i + 1) * sizeof(uint)), right);
            }
            return bytes[..HashBytes];
        }

        private void Encipher(ref uint left, ref uint right)
        {
            var (subkeys, boxes) = (_subkeys, _boxes);
            var (a, b) = (left ^ subkeys[0], right);
            for (var i = 1; i < SubkeyCount - 1; i += 2)
            {
                b ^= Mix(boxes, a) ^ subkeys[i];
                a ^= Mix(boxes, b) ^ subkeys[i + 1];
            }
            (left, right) = (b ^ subkeys[SubkeyCount - 1], a);
        }

        private static uint Mix(uint[] boxes, uint x) =>
            ((boxes[x >> 24] + boxes[256 + (byte)(x >> 16)]) ^ boxes[512 + (byte)(x >> 8)]) + boxes[768 + (byte)x];

        // Key and salt are read in a circle.
        private static uint NextWord(ReadOnlySpan<byte> bytes, ref int position)
        {
            uint word = 0;
            for (var i = 0; i < sizeof(uint); i++)
            {
                word = (word << 8) | bytes[position];
                position = position + 1 == bytes.Length ? 0 : position + 1;
            }
            return word;
        }
    }
}

using System.Globalization;

namespace Gateway.Admin.Accounts;

/// <summary>
/// A bcrypt hash as other systems store it: <c>$2b$12$</c>, 22 characters of salt, 31 of hash. <c>2a</c>, <c>2b</c> and <c>2y</c> are one algorithm; <c>2x</c> marks the
/// hashes of a faulty one and is not read.
/// </summary>
/// <param name="Cost">The work is 2 to this power.</param>
/// <param name="Salt">16 bytes.</param>
/// <param name="Hash">23 bytes.</param>
internal sealed record BcryptText(int Cost, byte[] Salt, byte[] Hash)
{
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 60;
    private const int SaltStart = 7;
    private const int HashStart = 29;

    public static BcryptText? TryParse(string? text)
    {
        if (text is not ['$', '2', 'a' or 'b' or 'y', '$', _, _, '$', ..] || text.Length != Length
            || !int.TryParse(text.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost) || cost is < 4 or > 31
            || Decode(text.AsSpan(SaltStart, HashStart - SaltStart), Bcrypt.SaltBytes) is not { } salt || Decode(text.AsSpan(HashStart), Bcrypt.HashBytes) is not { } hash)
        {
            return null;
        }
        return new BcryptText(cost, salt, hash);
    }

    // Six bits a character, the first ones first; what is left over at the end says nothing.
    private static byte[]? Decode(ReadOnlySpan<char> text, int length)
    {
        var bytes = new byte[length];
        var (bits, count, written) = (0, 0, 0);
        foreach (var character in text)
        {
            if (Alphabet.IndexOf(character) is not (>= 0 and var value))
            {
                return null;
            }
            (bits, count) = (((bits << 6) | value) & 0xffff, count + 6);
            if (count >= 8 && written < length)
            {
                count -= 8;
                bytes[written++] = (byte)(bits >> count);
            }
        }
        return bytes;
    }
}

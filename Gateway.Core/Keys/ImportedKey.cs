using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Keys;

/// <summary>
/// A key of a system before this one: any text that begins with <c>sk-</c>. Only its SHA-256 came over, and stands as the secret's hash;
/// the first characters of the hash are its public id, so that the row is found and rotated as one of ours is.
/// </summary>
public static class ImportedKey
{
    private const string Prefix = "sk-";
    private const int Shortest = 20;
    private const int Longest = 255;
    private const int HashLength = 2 * SHA256.HashSizeInBytes;

    /// <summary>Whether a text may be such a key: it has not the form of our own keys, and it is as long as keys are.</summary>
    public static bool HasForm(ReadOnlySpan<char> key) =>
        key.Length is >= Shortest and <= Longest
        && key.StartsWith(Prefix, StringComparison.Ordinal)
        && !key.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal)
        && !key.ContainsAnyExceptInRange('!', '~');

    /// <summary>SHA-256 of the whole key, as 32 bytes. The key must have the form.</summary>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[Longest];
        SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(key, ascii)], hash);
    }

    /// <summary>Whether a stored text is such a hash: 64 lower-case hexadecimal characters.</summary>
    public static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The public id that stands for a hash.</summary>
    public static string PublicIdOf(string hash) => hash[..ApiKeyText.PublicIdLength];

    /// <summary>The public id of a key that somebody sent. The key must have the form.</summary>
    public static string PublicIdOf(ReadOnlySpan<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return Convert.ToHexStringLower(hash[..(ApiKeyText.PublicIdLength / 2)]);
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Configuration;

/// <summary>
/// Reads the key of secret settings: 32 random bytes in base64. What somebody typed or counted up is refused, because it stands in
/// somebody's documentation.
/// </summary>
public static class EncryptionKeyText
{
    /// <summary>Bytes of the key: AES-256.</summary>
    public const int KeyBytes = 32;

    /// <summary>
    /// False when the text is no base64 of 32 bytes, or the bytes are clearly not random: all of them printable (one random key in 10^13),
    /// fewer than eight different ones, or a row with equal steps.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out byte[]? key)
    {
        var bytes = new byte[KeyBytes];
        var isKey =
            text.Length == 44 && Convert.TryFromBase64String(text, bytes, out var written) && written == KeyBytes && LooksRandom(bytes);
        key = isKey ? bytes : null;
        return isKey;
    }

    private static bool LooksRandom(byte[] bytes) =>
        bytes.Any(b => b is < 0x20 or > 0x7e)
        && bytes.Distinct().Count() >= 8
        && bytes.Skip(1).Zip(bytes, (next, previous) => (byte)(next - previous)).Distinct().Count() > 1;
}

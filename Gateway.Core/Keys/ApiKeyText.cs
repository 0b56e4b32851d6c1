using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Keys;

/// <summary>
/// The form of an API key: <c>sk-hub-&lt;public id&gt;-&lt;secret&gt;</c>. The public id finds the row and may be logged; of the secret
/// only the SHA-256 is stored (256 random bits need no slow hash).
/// </summary>
public static class ApiKeyText
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "sk-hub-";

    /// <summary>Characters of the public id: 95 random bits.</summary>
    public const int PublicIdLength = 16;

    /// <summary>Characters of the secret: 256 random bits.</summary>
    public const int SecretLength = 43;

    /// <summary>Characters of a whole key.</summary>
    public const int Length = 7 + PublicIdLength + 1 + SecretLength;

    /// <summary>Makes a new key. The text is shown to its owner once and kept nowhere.</summary>
    public static NewApiKey Create() => From($"{Prefix}{Base62.Random(PublicIdLength)}-{Base62.Random(SecretLength)}");

    /// <summary>Makes a key with a new secret for a public id that stands already.</summary>
    public static NewApiKey Renew(string publicId) => From($"{Prefix}{publicId}-{Base62.Random(SecretLength)}");

    /// <summary>What is stored of a key that somebody chose (its form must be right, else <see cref="FormatException"/>).</summary>
    public static NewApiKey From(string key) =>
        TryParse(key, out var publicId, out var secret)
            ? new NewApiKey(key, publicId.ToString(), HashSecret(secret), Preview(key))
            : throw new FormatException(
                $"An API key has the form {Prefix}<{PublicIdLength} characters>-<{SecretLength} characters>, digits and letters."
            );

    /// <summary>Takes a key apart; false when it has not the form of one.</summary>
    public static bool TryParse(ReadOnlySpan<char> key, out ReadOnlySpan<char> publicId, out ReadOnlySpan<char> secret)
    {
        publicId = secret = default;
        if (key.Length != Length || !key.StartsWith(Prefix, StringComparison.Ordinal) || key[Prefix.Length + PublicIdLength] != '-')
        {
            return false;
        }
        publicId = key.Slice(Prefix.Length, PublicIdLength);
        secret = key[^SecretLength..];
        return Base62.IsBase62(publicId) && Base62.IsBase62(secret);
    }

    /// <summary>SHA-256 of the secret part, as 64 lower-case hexadecimal characters: the stored form.</summary>
    public static string HashSecret(ReadOnlySpan<char> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HashSecret(secret, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>SHA-256 of the secret part, as 32 bytes, without allocating.</summary>
    public static void HashSecret(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[SecretLength];
        var length = Encoding.ASCII.GetBytes(secret, ascii);
        SHA256.HashData(ascii[..length], hash);
    }

    // Five of the secret's 43 characters are shown, so that an owner knows a key by its end; 226 random bits stay.
    private static string Preview(string key) => $"{key[..5]}...{key[^5..]}";
}

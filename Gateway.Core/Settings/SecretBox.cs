using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Configuration;

namespace Gateway.Core.Settings;

/// <summary>
/// Encrypts secret settings and the keys of upstreams with AES-256-GCM under <c>ENCRYPTION_KEY</c>. The stored text is <c>v1:</c> and
/// base64 of nonce (12 bytes), tag (16 bytes) and cipher text; the setting's key is bound in, so that a value copied to another row cannot
/// be read there.
/// </summary>
public sealed class SecretBox(AdminApiOptions options)
{
    private const string Version = "v1:";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Whether there is a key to encrypt with.</summary>
    public bool IsReady => options.EncryptionKey is not null;

    /// <summary>Encrypts a value. An empty one stays empty: there is nothing to hide.</summary>
    /// <exception cref="InvalidOperationException">There is no key.</exception>
    public string Close(string settingKey, string plain)
    {
        if (plain.Length == 0)
        {
            return "";
        }
        var text = Encoding.UTF8.GetBytes(plain);
        var sealedBytes = new byte[NonceBytes + TagBytes + text.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce); // 96 random bits: fine for the few secrets that one key ever sees
        using var aes = new AesGcm(options.EncryptionKey ?? throw new InvalidOperationException("There is no encryption key."), TagBytes);
        aes.Encrypt(
            nonce,
            text,
            sealedBytes.AsSpan(NonceBytes + TagBytes),
            sealedBytes.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(settingKey)
        );
        return Version + Convert.ToBase64String(sealedBytes);
    }

    /// <summary>The value; null when it cannot be read: another key wrote it, or it was changed.</summary>
    public string? Open(string settingKey, string stored)
    {
        if (stored.Length == 0)
        {
            return "";
        }
        if (options.EncryptionKey is not { } key || !stored.StartsWith(Version, StringComparison.Ordinal))
        {
            return null;
        }
        try
        {
            var bytes = Convert.FromBase64String(stored[Version.Length..]);
            var text = new byte[bytes.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(
                bytes.AsSpan(0, NonceBytes),
                bytes.AsSpan(NonceBytes + TagBytes),
                bytes.AsSpan(NonceBytes, TagBytes),
                text,
                Encoding.UTF8.GetBytes(settingKey)
            );
            return Encoding.UTF8.GetString(text);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or OverflowException)
        {
            return null;
        }
    }
}

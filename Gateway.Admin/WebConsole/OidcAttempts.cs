using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;

namespace Gateway.Admin.WebConsole;

/// <summary>
/// Sign-ins that are under way, each in a cookie of its browser, which no script and nobody else can read: AES-256-GCM under a key made
/// from <c>JWT_SECRET</c>, so that the way back may lead to another node. The cookie is Lax and not Strict, because the issuer's page sends
/// the browser here.
/// </summary>
internal sealed class OidcAttempts
{
    private const string Name = "hub_oidc";
    private const string Path = AdminServices.BasePath + "/auth/oidc";
    private const int SecretBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int LongestCookie = 4_096;

    private readonly byte[] _key;
    private readonly TimeSpan _life;
    private readonly TimeProvider _time;

    public OidcAttempts(TokenOptions tokens, IssuerOptions options, TimeProvider time)
    {
        var secret = tokens.JwtSecret is { } text ? Encoding.UTF8.GetBytes(text) : RandomNumberGenerator.GetBytes(SecretBytes);
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SecretBytes, info: Encoding.UTF8.GetBytes(Name));
        (_life, _time) = (options.OidcSignInTime, time);
    }

    /// <summary>Begins one; a browser has one at a time.</summary>
    public OidcAttempt Begin(HttpContext http, string issuer, string redirectUri, string returnTo)
    {
        var attempt = new OidcAttempt(issuer, NewSecret(), NewSecret(), NewSecret(), redirectUri, returnTo, _time.UtcNow() + _life);
        http.Response.Cookies.Append(Name, Seal(attempt), Options(http, _life));
        return attempt;
    }

    /// <summary>The one that a browser has, and no longer has from now on; null: none, one that is too old, or one made up.</summary>
    public OidcAttempt? End(HttpContext http)
    {
        var cookie = http.Request.Cookies[Name];
        http.Response.Cookies.Delete(Name, Options(http, null));
        return cookie is { Length: > 0 and <= LongestCookie } && Open(cookie) is { } attempt && attempt.EndsAt > _time.UtcNow()
            ? attempt
            : null;
    }

    /// <summary>SHA-256 of the verifier, as the issuer is told it (RFC 7636).</summary>
    public static string ChallengeOf(OidcAttempt attempt) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier)));

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    private string Seal(OidcAttempt attempt)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(attempt);
        var all = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = all.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, plain, all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes));
        return Base64Url.EncodeToString(all);
    }

    private OidcAttempt? Open(string cookie)
    {
        try
        {
            var all = Base64Url.DecodeFromChars(cookie);
            var plain = new byte[all.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(all.AsSpan(0, NonceBytes), all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes), plain);
            return JsonSerializer.Deserialize<OidcAttempt>(plain);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http, TimeSpan? life) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Path = Path,
            MaxAge = life,
        };
}

using System.Text.Json;

namespace Gateway.Core.Issuers;

/// <summary>Checks tokens against a trust: signature, issuer, audience, times. Needs only memory.</summary>
internal static class IssuerTokenReader
{
    // A time beyond is a number that somebody made up, and no DateTime.
    private const double LastSecond = 253_402_300_799;

    /// <summary>Checks a token.</summary>
    /// <param name="trust">The issuer with its keys.</param>
    /// <param name="token">The token, taken apart.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="skew">How far the issuer's clock may be from ours.</param>
    /// <param name="claims">What it says, when it is good or only its time is over.</param>
    public static IssuerVerdict Read(IssuerTrust trust, SignedToken token, DateTime now, TimeSpan skew, out IssuerClaims? claims)
    {
        claims = null;
        if (trust.Keys?.Find(token.KeyId) is not { } key || !key.Verifies(token.Algorithm, token.SignedBytes, token.Signature))
        {
            return IssuerVerdict.Invalid;
        }
        using var document = token.TryReadClaims();
        if (document is null || !IsFor(document.RootElement, trust.Settings) || TimeOf(document.RootElement, "exp") is not { } ends)
        {
            return IssuerVerdict.Invalid;
        }
        var begins = TimeOf(document.RootElement, "nbf");
        var issued = TimeOf(document.RootElement, "iat");
        if (IsBroken(document.RootElement, "nbf", begins) || begins > now + skew || issued > now + skew)
        {
            return IssuerVerdict.Invalid;
        }
        claims = new IssuerClaims(document.RootElement.Clone(), issued ?? begins ?? now, ends);
        return ends + skew <= now ? IssuerVerdict.Expired : IssuerVerdict.Accepted;
    }

    private static bool IsFor(JsonElement claims, IssuerSettings settings)
    {
        return claims.TryGetProperty("iss", out var issuer) && issuer.ValueKind == JsonValueKind.String && issuer.ValueEquals(settings.Issuer)
            && claims.TryGetProperty("aud", out var audience)
            && (audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Any(IsOurs) : IsOurs(audience));

        bool IsOurs(JsonElement name) => name.ValueKind == JsonValueKind.String && settings.Audiences.Contains(name.GetString());
    }

    // A beginning that cannot be read is no beginning in the past.
    private static bool IsBroken(JsonElement claims, string name, DateTime? time) => time is null && claims.TryGetProperty(name, out _);

    private static DateTime? TimeOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond
            ? DateTime.UnixEpoch.AddSeconds(seconds)
            : null;
}

using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Core.Issuers;

/// <summary>
/// Checks tokens against a trust. Signature, algorithm, issuer and audience are checked by the library; times by this process's clock.
/// Needs only memory.
/// </summary>
internal static class IssuerTokenReader
{
    // A time beyond is a number that somebody made up, and not a DateTime.
    private const double LastSecond = 253_402_300_799;

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>Checks a token.</summary>
    /// <param name="trust">The issuer with its keys.</param>
    /// <param name="audiences">A token must name one of them in <c>aud</c>.</param>
    /// <param name="token">The token, taken apart.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="skew">How far the issuer's clock may be from ours.</param>
    /// <returns>The verdict, and what the token says when it is good.</returns>
    public static async ValueTask<(IssuerVerdict Verdict, IssuerClaims? Claims)> ReadAsync(
        IssuerTrust trust,
        IReadOnlyList<string> audiences,
        SignedToken token,
        DateTime now,
        TimeSpan skew
    )
    {
        if (
            trust.Keys?.Find(token.KeyId) is not { } key
            || !(await Handler.ValidateTokenAsync(token.Text, ParametersOf(trust.Settings.Issuer, audiences, key))).IsValid
        )
        {
            return (IssuerVerdict.Invalid, null);
        }
        using var document = token.TryReadClaims();
        if (document is null || TimeOf(document.RootElement, "exp") is not { } ends)
        {
            return (IssuerVerdict.Invalid, null);
        }
        var begins = TimeOf(document.RootElement, "nbf");
        var issued = TimeOf(document.RootElement, "iat");
        if (IsBroken(document.RootElement, "nbf", begins) || begins > now + skew || issued > now + skew)
        {
            return (IssuerVerdict.Invalid, null);
        }
        return ends + skew <= now
            ? (IssuerVerdict.Expired, null)
            : (IssuerVerdict.Accepted, new IssuerClaims(document.RootElement.Clone(), issued ?? begins ?? now, ends));
    }

    private static TokenValidationParameters ParametersOf(string issuer, IReadOnlyList<string> audiences, IssuerKey key) =>
        new()
        {
            IssuerSigningKey = key.Key,
            ValidAlgorithms = key.Algorithms,
            ValidIssuer = issuer,
            ValidAudiences = audiences,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidateLifetime = false, // checked by this process's clock
        };

    // A beginning that cannot be read is not a beginning in the past.
    private static bool IsBroken(JsonElement claims, string name, DateTime? time) => time is null && claims.TryGetProperty(name, out _);

    private static DateTime? TimeOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var seconds)
        && seconds is >= 0 and <= LastSecond
            ? DateTime.UnixEpoch.AddSeconds(seconds)
            : null;
}

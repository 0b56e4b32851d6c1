using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Core.Issuers;

/// <summary>One public key of an issuer, with the algorithms that it may check. Immutable.</summary>
/// <param name="Key">The key.</param>
/// <param name="Algorithms">The algorithms of its signatures.</param>
internal sealed record IssuerKey(JsonWebKey Key, IReadOnlyList<string> Algorithms)
{
    private const int LeastRsaBits = 2_048;
    private const int MostRsaBits = 8_192; // a check costs the square of it

    // Asymmetric ones only: a public key is not a secret, so HS256 must not take it for one.
    private static readonly string[] Rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    private static readonly string[] Ec = ["ES256", "ES384", "ES512"];

    /// <summary>The member <c>kid</c>.</summary>
    public string? KeyId => Key.Kid;

    /// <summary>Whether any key may check an algorithm; <c>none</c> and the symmetric ones never.</summary>
    public static bool Accepts(string algorithm) => Rsa.Contains(algorithm) || Ec.Contains(algorithm);

    /// <summary>
    /// Reads a key of a JWKS (RFC 7517); null when it signs nothing that we accept: of another type or use, too small, or broken.
    /// </summary>
    public static IssuerKey? TryRead(JsonElement jwk)
    {
        try
        {
            var key = new JsonWebKey(jwk.GetRawText());
            var algorithms = key.Use is null or "sig" ? AlgorithmsOf(key) : [];
            return algorithms.Length == 0 ? null : new IssuerKey(key, algorithms);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or JsonException)
        {
            return null;
        }
    }

    // A key that names its algorithm checks no other; a curve goes with one algorithm (RFC 7518).
    private static string[] AlgorithmsOf(JsonWebKey key)
    {
        string[] possible = (key.Kty, key.Crv) switch
        {
            ("RSA", _) when key.N is not null && key.E is not null && key.KeySize is >= LeastRsaBits and <= MostRsaBits => Rsa,
            ("EC", "P-256") => ["ES256"],
            ("EC", "P-384") => ["ES384"],
            ("EC", "P-521") => ["ES512"],
            _ => [],
        };
        return key.Alg is null ? possible : [.. possible.Where(algorithm => algorithm == key.Alg)];
    }
}

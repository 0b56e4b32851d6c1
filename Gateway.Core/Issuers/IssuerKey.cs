using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Gateway.Core.Issuers;

/// <summary>One public key of an issuer. Immutable; a check makes its own handle, so that checks can run at once.</summary>
internal sealed class IssuerKey
{
    private const int LeastRsaBytes = 2_048 / 8;
    private const int MostRsaBytes = 8_192 / 8;   // a check costs the square of it

    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _ec;
    private readonly string? _algorithm;

    private IssuerKey(string? keyId, string? algorithm, RSAParameters? rsa, ECParameters? ec) => (KeyId, _algorithm, _rsa, _ec) = (keyId, algorithm, rsa, ec);

    /// <summary>The member <c>kid</c>.</summary>
    public string? KeyId { get; }

    /// <summary>Reads a key of a JWKS (RFC 7517); null when it signs nothing that we accept: of another type or use, too small, or broken.</summary>
    public static IssuerKey? TryRead(JsonElement jwk)
    {
        var use = Text(jwk, "use");
        if (jwk.ValueKind != JsonValueKind.Object || use is not (null or "sig"))
        {
            return null;
        }
        return Text(jwk, "kty") switch
        {
            "RSA" when Bytes(jwk, "n") is { Length: >= LeastRsaBytes and <= MostRsaBytes } modulus && Bytes(jwk, "e") is { Length: > 0 and <= 4 } exponent =>
                new IssuerKey(Text(jwk, "kid"), Text(jwk, "alg"), new RSAParameters { Modulus = modulus, Exponent = exponent }, ec: null),
            "EC" when CurveOf(Text(jwk, "crv")) is { } curve && Bytes(jwk, "x") is { } x && Bytes(jwk, "y") is { } y && x.Length == y.Length =>
                Usable(new IssuerKey(Text(jwk, "kid"), Text(jwk, "alg") ?? curve.Algorithm, rsa: null, new ECParameters { Curve = curve.Curve, Q = new ECPoint { X = x, Y = y } })),
            _ => null,
        };
    }

    /// <summary>Whether this key made the signature with an algorithm. Asymmetric ones only: a public key is no secret, so HS256 must not take it for one.</summary>
    public bool Verifies(string algorithm, byte[] signedBytes, byte[] signature) =>
        (_algorithm is null || _algorithm == algorithm) && HashOf(algorithm) is { } hash && (algorithm[..2], _rsa, _ec) switch
        {
            ("RS", { } key, _) => VerifiesRsa(key, signedBytes, signature, hash, RSASignaturePadding.Pkcs1),
            ("PS", { } key, _) => VerifiesRsa(key, signedBytes, signature, hash, RSASignaturePadding.Pss),
            ("ES", _, { } key) => VerifiesEc(key, algorithm, signedBytes, signature, hash),
            _ => false,
        };

    private static bool VerifiesRsa(RSAParameters key, byte[] signedBytes, byte[] signature, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var rsa = RSA.Create(key);
        return rsa.VerifyData(signedBytes, signature, hash, padding);
    }

    // The curve goes with the algorithm (RFC 7518, section 3.4): P-256 with ES256 and nothing else.
    private static bool VerifiesEc(ECParameters key, string algorithm, byte[] signedBytes, byte[] signature, HashAlgorithmName hash)
    {
        using var ec = ECDsa.Create(key);
        return ec.KeySize == (algorithm == "ES512" ? 521 : hash == HashAlgorithmName.SHA384 ? 384 : 256) && ec.VerifyData(signedBytes, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Whether an algorithm is on the list at all.</summary>
    public static bool Accepts(string algorithm) => HashOf(algorithm) is not null;

    /// <summary>The hash of an algorithm that is accepted; null for every other one, <c>none</c> and the symmetric ones among them.</summary>
    private static HashAlgorithmName? HashOf(string algorithm) => algorithm switch
    {
        "RS256" or "PS256" or "ES256" => HashAlgorithmName.SHA256,
        "RS384" or "PS384" or "ES384" => HashAlgorithmName.SHA384,
        "RS512" or "PS512" or "ES512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static (ECCurve Curve, string Algorithm)? CurveOf(string? name) => name switch
    {
        "P-256" => (ECCurve.NamedCurves.nistP256, "ES256"),
        "P-384" => (ECCurve.NamedCurves.nistP384, "ES384"),
        "P-521" => (ECCurve.NamedCurves.nistP521, "ES512"),
        _ => null,
    };

    // A point that is not on its curve is found here, not at the first token.
    private static IssuerKey? Usable(IssuerKey key)
    {
        try
        {
            using var ec = ECDsa.Create(key._ec!.Value);
            return key;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement jwk, string name) =>
        jwk.ValueKind == JsonValueKind.Object && jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name)
    {
        if (Text(jwk, name) is not { } text)
        {
            return null;
        }
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var length) == OperationStatus.Done ? bytes[..length] : null;
    }
}

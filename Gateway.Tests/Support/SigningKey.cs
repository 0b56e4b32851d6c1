using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>A key pair that signs tokens.</summary>
public sealed record SigningKey(string KeyId, string Algorithm, Dictionary<string, string> Public, Func<byte[], byte[]> SignBytes)
{
    public static SigningKey Rsa(string keyId, string algorithm = "RS256", int bits = 2048)
    {
        var rsa = RSA.Create(bits);
        var key = rsa.ExportParameters(false);
        var padding = algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return new SigningKey(
            keyId,
            algorithm,
            new()
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["kid"] = keyId,
                ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
            },
            data => rsa.SignData(data, HashOf(algorithm), padding)
        );
    }

    public static SigningKey Ec(string keyId, string algorithm)
    {
        var (curve, name) = algorithm switch
        {
            "ES256" => (ECCurve.NamedCurves.nistP256, "P-256"),
            "ES384" => (ECCurve.NamedCurves.nistP384, "P-384"),
            _ => (ECCurve.NamedCurves.nistP521, "P-521"),
        };
        var ec = ECDsa.Create(curve);
        var key = ec.ExportParameters(false);
        return new SigningKey(
            keyId,
            algorithm,
            new()
            {
                ["kty"] = "EC",
                ["kid"] = keyId,
                ["crv"] = name,
                ["x"] = Base64Url.EncodeToString(key.Q.X),
                ["y"] = Base64Url.EncodeToString(key.Q.Y),
            },
            data => ec.SignData(data, HashOf(algorithm), DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
        );
    }

    /// <summary>A key that signs by HMAC, as an attacker would with whatever is public.</summary>
    public static SigningKey Hmac(string keyId, byte[] secret) => new(keyId, "HS256", [], data => HMACSHA256.HashData(secret, data));

    /// <summary>Signs claims; members of the header can be changed or, with null, left out.</summary>
    public string Sign(object claims, params (string Name, object? Value)[] header)
    {
        var members = new Dictionary<string, object?>
        {
            ["alg"] = Algorithm,
            ["typ"] = "JWT",
            ["kid"] = KeyId,
        };
        foreach (var (name, value) in header)
        {
            members[name] = value;
        }
        return Sign(
            JsonSerializer.Serialize(members.Where(m => m.Value is not null).ToDictionary(m => m.Key, m => m.Value)),
            JsonSerializer.Serialize(claims)
        );
    }

    /// <summary>Signs texts as they are.</summary>
    public string Sign(string header, string payload)
    {
        var text =
            Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        return text + "." + Base64Url.EncodeToString(SignBytes(Encoding.ASCII.GetBytes(text)));
    }

    private static HashAlgorithmName HashOf(string algorithm) =>
        algorithm[^3..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
}

using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Support;

/// <summary>An issuer of tokens on loopback: discovery document, JWKS, and keys that can be rotated. It signs whatever a test wants, also what no issuer would.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "hub-tests";

    private readonly WebApplication _app;
    private readonly List<SigningKey> _published = [];
    private int _keyReads;

    private TestIssuer(WebApplication app)
    {
        _app = app;
        Address = app.Urls.First();
        Name = Address;
        Key = Publish(SigningKey.Rsa("first"));
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>The issuer that its discovery document names.</summary>
    public string Name { get; set; }

    /// <summary>The key that tokens are signed with.</summary>
    public SigningKey Key { get; private set; }

    /// <summary>Whether it answers 500 to everything.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often its keys were asked for.</summary>
    public int KeyReads => Volatile.Read(ref _keyReads);

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        TestIssuer? issuer = null;
        app.MapGet("/.well-known/openid-configuration", () => issuer!.IsDown ? Results.StatusCode(500) : Results.Json(new { issuer = issuer.Name, jwks_uri = issuer.Address + "/keys" }));
        app.MapGet("/keys", () => issuer!.Keys());
        await app.StartAsync();
        return issuer = new TestIssuer(app);
    }

    /// <summary>Signs with a new key from now on. The keys before are withdrawn.</summary>
    public void Rotate(SigningKey key)
    {
        lock (_published)
        {
            _published.Clear();
        }
        Key = Publish(key);
    }

    /// <summary>A token of a good user; a claim that is null is left out.</summary>
    public string Token(string subject, params (string Name, object? Value)[] claims) => Key.Sign(Claims(subject, claims));

    /// <summary>The claims of a good token, with changes.</summary>
    public Dictionary<string, object> Claims(string subject, params (string Name, object? Value)[] changes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?> { ["iss"] = Address, ["aud"] = Audience, ["sub"] = subject, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 600, ["jti"] = Guid.NewGuid().ToString() };
        foreach (var (name, value) in changes)
        {
            claims[name] = value;
        }
        return claims.Where(c => c.Value is not null).ToDictionary(c => c.Key, c => c.Value!);
    }

    /// <summary>The settings of a gateway that trusts it.</summary>
    public Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string> { ["OIDC_ISSUER"] = Address, ["OIDC_AUDIENCE"] = Audience, ["OIDC_CREATE_USERS"] = "true" };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }
        return settings;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private SigningKey Publish(SigningKey key)
    {
        lock (_published)
        {
            _published.Add(key);
        }
        return key;
    }

    private IResult Keys()
    {
        Interlocked.Increment(ref _keyReads);
        lock (_published)
        {
            return IsDown ? Results.StatusCode(500) : Results.Json(new { keys = _published.Select(k => k.Public).ToArray() });
        }
    }
}

/// <summary>A key pair that signs tokens.</summary>
public sealed record SigningKey(string KeyId, string Algorithm, Dictionary<string, string> Public, Func<byte[], byte[]> SignBytes)
{
    public static SigningKey Rsa(string keyId, string algorithm = "RS256", int bits = 2048)
    {
        var rsa = RSA.Create(bits);
        var key = rsa.ExportParameters(false);
        var padding = algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return new SigningKey(keyId, algorithm, new() { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = keyId, ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent) },
            data => rsa.SignData(data, HashOf(algorithm), padding));
    }

    public static SigningKey Ec(string keyId, string algorithm)
    {
        var (curve, name) = algorithm switch { "ES256" => (ECCurve.NamedCurves.nistP256, "P-256"), "ES384" => (ECCurve.NamedCurves.nistP384, "P-384"), _ => (ECCurve.NamedCurves.nistP521, "P-521") };
        var ec = ECDsa.Create(curve);
        var key = ec.ExportParameters(false);
        return new SigningKey(keyId, algorithm, new() { ["kty"] = "EC", ["kid"] = keyId, ["crv"] = name, ["x"] = Base64Url.EncodeToString(key.Q.X), ["y"] = Base64Url.EncodeToString(key.Q.Y) },
            data => ec.SignData(data, HashOf(algorithm), DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <summary>A key that signs by HMAC, as an attacker would with whatever is public.</summary>
    public static SigningKey Hmac(string keyId, byte[] secret) => new(keyId, "HS256", [], data => HMACSHA256.HashData(secret, data));

    /// <summary>Signs claims; members of the header can be changed or, with null, left out.</summary>
    public string Sign(object claims, params (string Name, object? Value)[] header)
    {
        var members = new Dictionary<string, object?> { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = KeyId };
        foreach (var (name, value) in header)
        {
            members[name] = value;
        }
        return Sign(JsonSerializer.Serialize(members.Where(m => m.Value is not null).ToDictionary(m => m.Key, m => m.Value)), JsonSerializer.Serialize(claims));
    }

    /// <summary>Signs texts as they are.</summary>
    public string Sign(string header, string payload)
    {
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        return text + "." + Base64Url.EncodeToString(SignBytes(Encoding.ASCII.GetBytes(text)));
    }

    private static HashAlgorithmName HashOf(string algorithm) => algorithm[^3..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
}

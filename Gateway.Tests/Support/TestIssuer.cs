using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Support;

/// <summary>
/// An issuer of tokens on loopback: discovery document, JWKS, keys that can be rotated, and a page where people sign in. It signs whatever
/// a test wants, also what no issuer would.
/// </summary>
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
        Page = new IssuerPage(this);
        Page.Map(app);
        Key = Publish(SigningKey.Rsa("first"));
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>The issuer that its discovery document names.</summary>
    public string Name { get; set; }

    /// <summary>Where people sign in.</summary>
    public IssuerPage Page { get; }

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
        app.MapGet("/.well-known/openid-configuration", () => issuer!.IsDown ? Results.StatusCode(500) : Results.Json(issuer.Document()));
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
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Address,
            ["aud"] = Audience,
            ["sub"] = subject,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        foreach (var (name, value) in changes)
        {
            claims[name] = value;
        }
        return claims.Where(c => c.Value is not null).ToDictionary(c => c.Key, c => c.Value!);
    }

    /// <summary>The settings of a gateway that trusts it.</summary>
    public Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["OIDC_ISSUER"] = Address,
            ["OIDC_AUDIENCE"] = Audience,
            ["OIDC_CREATE_USERS"] = "true",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }
        return settings;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private object Document() =>
        new
        {
            issuer = Name,
            jwks_uri = Address + "/keys",
            authorization_endpoint = Address + "/authorize",
            token_endpoint = Address + "/token",
            token_endpoint_auth_methods_supported = Page.Methods,
        };

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

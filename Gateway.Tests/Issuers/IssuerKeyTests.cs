using System.Net;
using Gateway.Core.Issuers;
using Gateway.Tests.Support;

namespace Gateway.Tests.Issuers;

/// <summary>The issuer's keys change, are withdrawn, and are unavailable; the gateway asks as seldom as it can.</summary>
public sealed class IssuerKeyTests
{
    public static TheoryData<string> Algorithms => ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    [Theory, MemberData(nameof(Algorithms))]
    public async Task Every_accepted_algorithm_passes(string algorithm)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Rotate(algorithm[0] == 'E' ? SigningKey.Ec("k", algorithm) : SigningKey.Rsa("k", algorithm));
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, issuer.Token("u")));
    }

    [Fact]
    public async Task A_new_key_is_fetched_at_its_first_token_and_the_withdrawn_one_dies_with_it()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings(), time: time);
        var old = issuer.Token("u");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, old));
        issuer.Rotate(SigningKey.Ec("second", "ES256"));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, issuer.Token("u")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(hub, old));
    }

    [Fact]
    public async Task A_withdrawn_key_dies_within_the_refresh_interval_though_nobody_uses_a_new_one()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings(("OIDC_KEYS_REFRESH_SECONDS", "60")), time: time);
        var token = issuer.Token("u");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, token));
        issuer.Rotate(SigningKey.Rsa("second"));
        time.Advance(TimeSpan.FromSeconds(61));
        await Eventually.TrueAsync(
            async () => await StatusAsync(hub, token) == HttpStatusCode.Unauthorized,
            "the withdrawn key's token is refused"
        );
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_makes_one_fetch_in_each_retry_interval()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings(), time: time);
        var good = issuer.Token("u");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, good));
        var before = issuer.KeyReads;
        var forger = SigningKey.Ec("x", "ES256");
        time.Advance(TimeSpan.FromSeconds(11));
        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => StatusAsync(hub, forger.Sign(issuer.Claims("u"), ("kid", $"unknown-{i}"))))
        );
        Assert.All(statuses, s => Assert.Equal(HttpStatusCode.Unauthorized, s));
        Assert.Equal(before + 1, issuer.KeyReads);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(hub, forger.Sign(issuer.Claims("u"))));
        Assert.Equal(before + 2, issuer.KeyReads);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, good));
        Assert.Equal(1, hub.Services.GetRequiredService<IssuerSignIn>().TokensInMemory);
    }

    [Fact]
    public async Task Algorithms_that_no_issuer_may_use_ask_for_no_key()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings(), time: time);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, issuer.Token("u")));
        var before = issuer.KeyReads;
        time.Advance(TimeSpan.FromSeconds(11));
        foreach (var algorithm in new[] { "none", "HS512", "EdDSA" })
        {
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                await StatusAsync(hub, SigningKey.Hmac("unknown", [1]).Sign(issuer.Claims("u"), ("alg", algorithm)))
            );
        }
        Assert.Equal(before, issuer.KeyReads);
    }

    [Fact]
    public async Task An_issuer_that_is_down_leaves_the_last_good_keys_in_force()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings(("OIDC_KEYS_REFRESH_SECONDS", "60")), time: time);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, issuer.Token("u")));
        issuer.IsDown = true;
        var before = issuer.KeyReads;
        time.Advance(TimeSpan.FromSeconds(130));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(hub, SigningKey.Rsa("unknown").Sign(issuer.Claims("u"))));
        Assert.Equal(before, issuer.KeyReads); // the discovery document did not come
        Assert.Equal(
            HttpStatusCode.OK,
            await StatusAsync(hub, issuer.Key.Sign(issuer.Claims("another", ("iat", time.GetUtcNow().ToUnixTimeSeconds()))))
        );
    }

    [Fact]
    public async Task An_issuer_that_was_never_there_is_503_and_its_tokens_work_once_it_is()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.IsDown = true;
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings(), time: time);
        using var client = hub.NewClient(issuer.Token("u"));
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(503, "server_error", "issuer_unavailable");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/api/v1/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/v1/models")).StatusCode); // keys of ours are not concerned
        issuer.IsDown = false;
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_is_not_believed()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Name = "https://issuer.example";
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(hub, issuer.Token("u")));
    }

    [Fact]
    public async Task A_short_rsa_key_is_not_taken()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Rotate(SigningKey.Rsa("short", bits: 1024));
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(hub, issuer.Token("u")));
    }

    [Fact]
    public async Task A_key_for_encryption_checks_no_signature()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var key = SigningKey.Rsa("enc");
        key.Public["use"] = "enc";
        issuer.Rotate(key);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(hub, issuer.Token("u")));
    }

    [Fact]
    public async Task A_key_that_names_its_algorithm_checks_no_other()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var key = SigningKey.Rsa("pinned");
        key.Public["alg"] = "PS256";
        issuer.Rotate(key);
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings());
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(hub, issuer.Token("u")));
    }

    [
        Theory,
        InlineData("http://issuer.example", "false", false),
        InlineData("http://issuer.example", "true", true),
        InlineData("https://issuer.example", "false", true),
        InlineData("http://127.0.0.1:1", "false", true)
    ]
    public void Http_is_for_loopback_unless_an_option_says_otherwise(string address, string option, bool isAllowed)
    {
        Gateway.Core.Configuration.HubOptionsReader.Read(
            _ => null,
            name => name == "OIDC_ALLOW_HTTP" ? option : null,
            isDevelopment: true,
            out var options
        );
        using var client = new IssuerKeyClient(options.Issuer);
        Assert.Equal(isAllowed, client.IsSafe(new Uri(address)));
    }

    [Fact]
    public async Task A_known_token_costs_no_database_and_little_memory()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings());
        var token = issuer.Token("u").AsMemory();
        var signIn = hub.Services.GetRequiredService<IssuerSignIn>();
        var first = await signIn.FindUserAsync(token, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            var pending = signIn.FindUserAsync(token, default);
            Assert.True(pending.IsCompletedSuccessfully);
            Assert.Same(first, await pending); // on the same thread: it is there already
        }
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 0, 64);
    }

    private static async Task<HttpStatusCode> StatusAsync(HubHost hub, string token)
    {
        using var client = hub.NewClient(token);
        return (await client.GetAsync("/v1/models")).StatusCode;
    }
}

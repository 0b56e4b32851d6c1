using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Issuers;

/// <summary>
/// Tokens that somebody else made, changed or kept: each is refused on <c>/v1</c> and on <c>/api/v1</c>, and a good one beside it passes.
/// </summary>
public sealed class IssuerAttackTests(AttackedHub attacked) : IClassFixture<AttackedHub>
{
    private readonly TestIssuer _issuer = attacked.Issuer;
    private readonly HubHost _hub = attacked.Hub;

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Fact]
    public async Task A_good_token_passes()
    {
        using var client = _hub.NewClient(_issuer.Token("good"));
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/me")).StatusCode);
    }

    [Theory, InlineData("none"), InlineData("None"), InlineData("NONE"), InlineData("")]
    public async Task A_token_without_a_signature_is_refused(string algorithm)
    {
        var token = _issuer.Key.Sign(_issuer.Claims("u"), ("alg", algorithm));
        await AssertRefusedAsync(token[..(token.LastIndexOf('.') + 1)]);
        await AssertRefusedAsync(token);
        await AssertRefusedAsync(token[..token.LastIndexOf('.')]);
    }

    public static TheoryData<string> FormsOfThePublicKey => ["jwk", "modulus", "pem", "der"];

    [Theory, MemberData(nameof(FormsOfThePublicKey))]
    public async Task HS256_with_the_public_key_as_secret_is_refused(string form)
    {
        using var rsa = System.Security.Cryptography.RSA.Create(
            new System.Security.Cryptography.RSAParameters
            {
                Modulus = Base64Url.DecodeFromChars(_issuer.Key.Public["n"]),
                Exponent = Base64Url.DecodeFromChars(_issuer.Key.Public["e"]),
            }
        );
        var secret = form switch
        {
            "jwk" => JsonSerializer.SerializeToUtf8Bytes(_issuer.Key.Public),
            "modulus" => Base64Url.DecodeFromChars(_issuer.Key.Public["n"]),
            "pem" => Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            _ => rsa.ExportSubjectPublicKeyInfo(),
        };
        var forged = SigningKey.Hmac(_issuer.Key.KeyId, secret);
        await AssertRefusedAsync(forged.Sign(_issuer.Claims("u")));
        await AssertRefusedAsync(forged.Sign(_issuer.Claims("u"), ("alg", "RS256")));
        await AssertRefusedAsync(forged.Sign(_issuer.Claims("u"), ("alg", "HS512")));
    }

    [Fact]
    public Task A_token_of_another_issuer_is_refused() => AssertRefusedAsync(_issuer.Token("u", ("iss", "https://issuer.example")));

    [Fact]
    public Task The_issuer_is_compared_to_the_letter() => AssertRefusedAsync(_issuer.Token("u", ("iss", _issuer.Address + "/")));

    [Fact]
    public Task A_token_for_another_audience_is_refused() => AssertRefusedAsync(_issuer.Token("u", ("aud", "another-service")));

    [Fact]
    public Task A_token_without_an_audience_is_refused() => AssertRefusedAsync(_issuer.Token("u", ("aud", null)));

    [Fact]
    public Task A_token_without_an_issuer_is_refused() => AssertRefusedAsync(_issuer.Token("u", ("iss", null)));

    [Fact]
    public async Task An_expired_token_is_refused_and_says_so_to_clients_of_the_management_api()
    {
        var token = _issuer.Token("u", ("exp", Now - 31));
        await AssertRefusedAsync(token, code: "token_expired");
    }

    [Fact]
    public async Task A_clock_that_is_off_by_less_than_the_skew_is_borne()
    {
        using var late = _hub.NewClient(_issuer.Token("late", ("exp", Now - 15)));
        Assert.Equal(HttpStatusCode.OK, (await late.GetAsync("/v1/models")).StatusCode);
        using var early = _hub.NewClient(_issuer.Token("early", ("nbf", Now + 15), ("iat", Now + 15)));
        Assert.Equal(HttpStatusCode.OK, (await early.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public Task A_token_that_begins_later_is_refused() => AssertRefusedAsync(_issuer.Token("u", ("nbf", Now + 120)));

    [Fact]
    public Task A_token_from_the_future_is_refused() => AssertRefusedAsync(_issuer.Token("u", ("iat", Now + 120)));

    [Fact]
    public Task A_token_that_never_ends_is_refused() => AssertRefusedAsync(_issuer.Token("u", ("exp", null)));

    [Theory, InlineData("soon"), InlineData(1e300), InlineData(-1)]
    public async Task A_time_that_is_none_is_refused(object time)
    {
        await AssertRefusedAsync(_issuer.Token("u", ("exp", time)));
        await AssertRefusedAsync(_issuer.Token("u", ("nbf", time)));
    }

    [Fact]
    public async Task Another_key_under_the_known_name_is_refused() =>
        await AssertRefusedAsync(SigningKey.Rsa(_issuer.Key.KeyId).Sign(_issuer.Claims("u")));

    [Fact]
    public async Task A_key_in_the_header_is_not_believed()
    {
        var own = SigningKey.Rsa("own");
        await AssertRefusedAsync(own.Sign(_issuer.Claims("u"), ("jwk", own.Public)));
        await AssertRefusedAsync(own.Sign(_issuer.Claims("u"), ("jku", "https://issuer.example/keys")));
        await AssertRefusedAsync(own.Sign(_issuer.Claims("u"), ("kid", _issuer.Key.KeyId), ("jwk", own.Public)));
    }

    [Fact]
    public async Task A_changed_payload_is_refused()
    {
        var parts = _issuer.Token("u").Split('.');
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(_issuer.Claims("somebody-else")));
        await AssertRefusedAsync($"{parts[0]}.{payload}.{parts[2]}");
    }

    [Fact]
    public Task A_critical_extension_is_refused() => AssertRefusedAsync(_issuer.Key.Sign(_issuer.Claims("u"), ("crit", new[] { "exp" })));

    [Theory, InlineData("logout+jwt"), InlineData("dpop+jwt"), InlineData("secevent+jwt")]
    public Task Another_kind_of_token_of_the_same_issuer_is_refused(string type) =>
        AssertRefusedAsync(_issuer.Key.Sign(_issuer.Claims("u"), ("typ", type)));

    [Fact]
    public async Task A_claim_that_is_given_twice_is_refused()
    {
        var claims = JsonSerializer.Serialize(_issuer.Claims("u"));
        var header = JsonSerializer.Serialize(new { alg = "RS256", kid = _issuer.Key.KeyId });
        await AssertRefusedAsync(_issuer.Key.Sign(header, claims[..^1] + ",\"sub\":\"admin\"}"));
        await AssertRefusedAsync(_issuer.Key.Sign(header[..^1] + ",\"alg\":\"RS256\"}", claims));
    }

    [Theory, InlineData("{}"), InlineData("[]"), InlineData("null"), InlineData("\"text\""), InlineData("{"), InlineData("")]
    public Task A_payload_that_says_nothing_is_refused(string payload) =>
        AssertRefusedAsync(_issuer.Key.Sign(JsonSerializer.Serialize(new { alg = "RS256", kid = _issuer.Key.KeyId }), payload));

    [Theory, InlineData(null), InlineData(""), InlineData("a\0b"), InlineData(7)]
    public Task A_token_without_a_user_is_refused(object? subject) =>
        AssertRefusedAsync(_issuer.Token("u", ("sub", subject is 7 ? new { nested = 1 } : subject)));

    [
        Theory,
        InlineData("."),
        InlineData(".."),
        InlineData("a.b.c"),
        InlineData("a.b.c.d.e"),
        InlineData("e30.e30."),
        InlineData("e30.e30.e30")
    ]
    public Task Text_that_is_no_token_is_refused(string text) => AssertRefusedAsync(text);

    [Fact]
    public async Task A_huge_token_is_refused_unread()
    {
        await AssertRefusedAsync(_issuer.Token("u", ("padding", new string('x', 16_000))));
        await AssertRefusedAsync(new string('.', 20_000));
    }

    [Fact]
    public async Task A_deeply_nested_payload_is_refused() =>
        await AssertRefusedAsync(
            _issuer.Key.Sign(
                JsonSerializer.Serialize(new { alg = "RS256", kid = _issuer.Key.KeyId }),
                string.Concat(Enumerable.Repeat("{\"a\":", 2_000)) + "1" + new string('}', 2_000)
            )
        );

    private async Task AssertRefusedAsync(string token, string code = "token_invalid")
    {
        using var client = _hub.NewClient(token);
        await (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            401,
            "invalid_request_error",
            "invalid_token"
        );
        var answer = await client.GetAsync("/api/v1/me");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(code, (await answer.JsonAsync()).GetProperty("code").GetString());
    }
}

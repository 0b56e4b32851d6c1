using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Configuration;
using Gateway.Core.Keys;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Tokens;

namespace Gateway.Tests.Tokens;

public sealed class AccessTokensTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly User User = new()
    {
        Id = "user-1",
        Email = "a@example.org",
        Username = "a",
        UsernameKey = "a",
        PasswordHash = "none",
        Role = Roles.Customer,
        TierId = "t",
        FreeTierStatus = FreeTierStatuses.None,
    };

    private readonly string _secret = Base62.Random(48);
    private readonly Clock _clock = new() { Now = Start };
    private readonly AccessTokens _tokens;

    public AccessTokensTests()
    {
        HubOptionsReader.Read(_ => null, name => name == "JWT_SECRET" ? _secret : null, isDevelopment: false, out var options);
        _tokens = new AccessTokens(options.Token, _clock);
    }

    [Fact]
    public async Task A_token_says_what_was_put_in()
    {
        var claims = (await _tokens.ReadAsync(_tokens.IssueAccess(User, "session-1")))!;
        Assert.Equal(("user-1", "session-1", TokenKind.Access, false), (claims.UserId, claims.SessionId, claims.Kind, claims.IsExpired));
        Assert.Equal(Start.AddHours(24).UtcDateTime, claims.ExpiresAt);
    }

    [Fact]
    public async Task A_refresh_token_is_told_apart_and_keeps_its_id()
    {
        var claims = (await _tokens.ReadAsync(_tokens.IssueRefresh(User, "session-1", "token-1")))!;
        Assert.Equal((TokenKind.Refresh, "token-1", Start.AddHours(168).UtcDateTime), (claims.Kind, claims.TokenId, claims.ExpiresAt));
    }

    [Fact]
    public async Task An_hour_is_over_after_the_skew_of_the_clocks()
    {
        var token = _tokens.IssueAccess(User, "session-1");
        _clock.Now = Start.AddHours(24) + AccessTokens.ClockSkew - TimeSpan.FromSeconds(1);
        Assert.False((await _tokens.ReadAsync(token))!.IsExpired);
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.True((await _tokens.ReadAsync(token))!.IsExpired);
    }

    [Fact]
    public async Task A_token_from_the_future_is_none()
    {
        var token = _tokens.IssueAccess(User, "session-1");
        _clock.Now = Start - AccessTokens.ClockSkew - TimeSpan.FromSeconds(1);
        Assert.Null(await _tokens.ReadAsync(token));
    }

    [Theory]
    [
        InlineData("""{"alg":"none"}"""),
        InlineData("""{"alg":"None"}"""),
        InlineData("""{"alg":"HS512"}"""),
        InlineData("""{"alg":"HS384"}"""),
        InlineData("""{"alg":"RS256"}"""),
        InlineData("""{}"""),
        InlineData("""{"alg":"hs256"}""")
    ]
    public async Task Another_algorithm_is_refused_whatever_the_signature(string header) =>
        Assert.Null(await _tokens.ReadAsync(Sign(header, Payload())));

    [Fact]
    public async Task A_token_that_is_signed_by_hand_the_right_way_is_read() =>
        Assert.Equal("user-1", (await _tokens.ReadAsync(Sign("""{"alg":"HS256","typ":"JWT"}""", Payload())))!.UserId);

    [Theory, InlineData("sub"), InlineData("sid"), InlineData("jti"), InlineData("exp"), InlineData("typ"), InlineData("iss")]
    public async Task A_token_without_one_of_its_claims_is_refused(string claim) =>
        Assert.Null(await _tokens.ReadAsync(Sign("""{"alg":"HS256","typ":"JWT"}""", Payload(without: claim))));

    [Theory, InlineData("iss", "somebody"), InlineData("typ", "id"), InlineData("typ", "")]
    public async Task A_claim_of_another_kind_is_refused(string claim, string value) =>
        Assert.Null(await _tokens.ReadAsync(Sign("""{"alg":"HS256","typ":"JWT"}""", Payload(change: (claim, value)))));

    [Theory, InlineData(""), InlineData("a"), InlineData("a.b"), InlineData("a.b.c"), InlineData("..."), InlineData("a.b.c.d.e")]
    public async Task Garbage_is_no_token(string text) => Assert.Null(await _tokens.ReadAsync(text));

    [Fact]
    public async Task A_token_that_is_too_long_is_not_even_parsed() =>
        Assert.Null(await _tokens.ReadAsync(Sign("""{"alg":"HS256"}""", Payload(change: ("pad", new string('x', 5_000))))));

    [Fact]
    public async Task Without_a_secret_each_process_signs_for_itself()
    {
        var one = new AccessTokens(new TokenOptions(), _clock);
        Assert.NotNull(await one.ReadAsync(one.IssueAccess(User, "s")));
        Assert.Null(await new AccessTokens(new TokenOptions(), _clock).ReadAsync(one.IssueAccess(User, "s")));
    }

    private static string Payload(string? without = null, (string Claim, string Value)? change = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = "user-1",
            ["sid"] = "session-1",
            ["jti"] = "token-1",
            ["iss"] = AccessTokens.Issuer,
            ["typ"] = "access",
            ["nbf"] = Start.ToUnixTimeSeconds(),
            ["exp"] = Start.AddHours(1).ToUnixTimeSeconds(),
        };
        if (without is not null)
        {
            claims.Remove(without);
        }
        if (change is { } changed)
        {
            claims[changed.Claim] = changed.Value;
        }
        return JsonSerializer.Serialize(claims);
    }

    private string Sign(string header, string payload)
    {
        var signed = $"{Base64Url(Encoding.UTF8.GetBytes(header))}.{Base64Url(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Base64Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(_secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

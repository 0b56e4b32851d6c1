using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.WebConsole;

/// <summary>Sessions of browsers: the refresh token in a cookie that other sites cannot use.</summary>
public sealed class SessionCookieTests : IAsyncLifetime
{
    private const string Route = "/api/v1/auth/session";

    private readonly ManualTimeProvider _time = new();
    private AdminHub _hub = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _hub = await AdminHub.StartAsync(time: _time);
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _hub.Host.Address };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Signing_in_puts_the_refresh_token_into_a_cookie_that_no_script_reads()
    {
        using var answer = await SendAsync(HttpMethod.Post, Route, body: CredentialsOf(_hub));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        foreach (var part in new[] { "hub_session=", "httponly", "samesite=strict", "path=/api/v1/auth/session", "max-age=604800" })
        {
            Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
        }
        var body = await answer.JsonAsync();
        Assert.False(body.TryGetProperty("refresh_token", out _));
        using var me = _hub.Host.NewClient(body.GetProperty("token").GetString());
        (await me.GetAsync("/api/v1/me")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task The_cookie_renews_the_session_and_is_renewed_with_it()
    {
        var first = await SignInAsync();
        using var answer = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: first);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(first, CookieOf(answer));
        Assert.Equal(_hub.Host.AdminEmail, (await answer.JsonAsync()).GetProperty("user").GetProperty("email").GetString());
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("console", "https://evil.example", null)]
    [InlineData("console", null, "cross-site")]
    [InlineData("console", null, "same-site")]
    [InlineData("console", "null", null)]
    public async Task Other_sites_cannot_use_the_cookie(string? requestedWith, string? origin, string? fetchSite)
    {
        var cookie = await SignInAsync();
        foreach (
            var (method, path) in new[] { (HttpMethod.Post, Route), (HttpMethod.Post, Route + "/refresh"), (HttpMethod.Delete, Route) }
        )
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Cookie", "hub_session=" + cookie);
            request.Headers.TryAddWithoutValidation("X-Requested-With", requestedWith);
            request.Headers.TryAddWithoutValidation("Origin", origin);
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", fetchSite);
            using var answer = await _client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Equal("cross_site_request", (await answer.JsonAsync()).GetProperty("code").GetString());
        }
        using var still = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: cookie);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task The_page_of_this_origin_may_use_the_cookie()
    {
        var cookie = await SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Route + "/refresh");
        request.Headers.Add("Cookie", "hub_session=" + cookie);
        request.Headers.Add("X-Requested-With", "console");
        request.Headers.Add("Origin", _hub.Host.Address.GetLeftPart(UriPartial.Authority));
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_second_tab_that_sends_the_spent_cookie_at_once_stays_signed_in()
    {
        var first = await SignInAsync();
        using var one = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: first);
        using var two = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: first);
        Assert.Equal(HttpStatusCode.OK, two.StatusCode);
        using var three = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: CookieOf(two));
        Assert.Equal(HttpStatusCode.OK, three.StatusCode);
    }

    [Fact]
    public async Task A_spent_cookie_that_comes_later_ends_the_session()
    {
        var first = await SignInAsync();
        using var one = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: first);
        _time.Advance(TimeSpan.FromSeconds(31));
        using var late = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: first);
        Assert.Equal("refresh_token_reused", (await late.JsonAsync()).GetProperty("code").GetString());
        Assert.Contains("hub_session=;", late.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        using var ended = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: CookieOf(one));
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_the_cookie()
    {
        var cookie = await SignInAsync();
        using var answer = await SendAsync(HttpMethod.Delete, Route, cookie: cookie);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("hub_session=;", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        using var ended = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        Assert.True(await _hub.ReadAsync(db => db.Sessions.AnyAsync(s => s.RevokeReason == "logout")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no token")]
    public async Task Without_a_good_cookie_there_is_nothing_to_renew(string? cookie)
    {
        using var answer = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: cookie);
        Assert.Equal("refresh_failed", (await answer.JsonAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_access_token_in_the_cookie_renews_nothing()
    {
        using var answer = await SendAsync(HttpMethod.Post, Route + "/refresh", cookie: _hub.Admin.AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_sets_no_cookie()
    {
        using var answer = await SendAsync(HttpMethod.Post, Route, body: new { email = _hub.Host.AdminEmail, password = "wrong" });
        Assert.Equal("invalid_credentials", (await answer.JsonAsync()).GetProperty("code").GetString());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    private static object CredentialsOf(AdminHub hub) => new { email = hub.Host.AdminEmail, password = hub.Host.AdminPassword };

    private static string CookieOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single()["hub_session=".Length..].Split(';')[0];

    private async Task<string> SignInAsync()
    {
        using var answer = await SendAsync(HttpMethod.Post, Route, body: CredentialsOf(_hub));
        return CookieOf(answer);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? cookie = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Requested-With", "console");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", "hub_session=" + cookie);
        }
        return _client.SendAsync(request);
    }
}

using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Transport;

/// <summary>Browsers of other origins; the security rule S13.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class BrowserTests(AdminHubs hubs)
{
    [Theory]
    [InlineData("/api/v1/models", 200)]
    [InlineData("/api/v1/me", 401)]
    [InlineData("/api/v1/nothing", 404)]
    [InlineData("/v1/models", 401)]
    public async Task S13_a_listed_origin_is_echoed_with_credentials_on_every_status(string path, int status)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        using var listed = await SendAsync(hub, HttpMethod.Get, path, "http://localhost:3000");
        Assert.Equal(
            (status, "http://localhost:3000", "true", "Origin"),
            (
                (int)listed.StatusCode,
                Header(listed, "Access-Control-Allow-Origin"),
                Header(listed, "Access-Control-Allow-Credentials"),
                Header(listed, "Vary")
            )
        );
        var exposed = string.Join(", ", listed.Headers.GetValues("Access-Control-Expose-Headers")).Split(", ");
        Assert.Superset(
            new HashSet<string> { "X-Total-Count", "X-Has-More", "X-Request-Id", "Retry-After", "X-Should-Retry", "Content-Disposition" },
            exposed.ToHashSet()
        );
        using var foreign = await SendAsync(hub, HttpMethod.Get, path, "https://evil.example");
        Assert.Equal((status, ""), ((int)foreign.StatusCode, Header(foreign, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("/api/v1/admin/users")]
    [InlineData("/v1/chat/completions")]
    public async Task A_preflight_answers_204_with_what_was_asked_for(string path)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        using var answer = await SendAsync(
            hub,
            HttpMethod.Options,
            path,
            "http://localhost:5173",
            r =>
            {
                r.Headers.Add("Access-Control-Request-Method", "PATCH");
                r.Headers.Add("Access-Control-Request-Headers", "authorization, x-stainless-lang");
            }
        );
        Assert.Equal(
            (HttpStatusCode.NoContent, "authorization, x-stainless-lang", "43200"),
            (answer.StatusCode, Header(answer, "Access-Control-Allow-Headers"), Header(answer, "Access-Control-Max-Age"))
        );
        Assert.Contains("PATCH", Header(answer, "Access-Control-Allow-Methods"));
    }

    [Fact]
    public async Task A_star_is_for_any_origin_but_without_credentials()
    {
        await using var hub = await AdminHub.StartAsync(
            settings: new Dictionary<string, string> { ["CORS_ORIGINS"] = "https://app.example, *" }
        );
        using var any = await SendAsync(hub, HttpMethod.Get, "/api/v1/models", "https://other.example");
        Assert.Equal(("*", ""), (Header(any, "Access-Control-Allow-Origin"), Header(any, "Access-Control-Allow-Credentials")));
        using var listed = await SendAsync(hub, HttpMethod.Get, "/api/v1/models", "https://app.example");
        Assert.Equal(
            ("https://app.example", "true"),
            (Header(listed, "Access-Control-Allow-Origin"), Header(listed, "Access-Control-Allow-Credentials"))
        );
    }

    [Fact]
    public async Task Answers_tell_browsers_to_be_careful()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        using var answer = await SendAsync(hub, HttpMethod.Get, "/api/v1/me", null);
        Assert.Equal(
            ("nosniff", "DENY", "strict-origin-when-cross-origin", ""),
            (
                Header(answer, "X-Content-Type-Options"),
                Header(answer, "X-Frame-Options"),
                Header(answer, "Referrer-Policy"),
                Header(answer, "Strict-Transport-Security")
            )
        );
    }

    [Fact]
    public async Task Requests_above_a_limit_are_told_when_to_come_again()
    {
        await using var hub = await AdminHub.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["RATE_LIMIT_AUTH_PER_MINUTE"] = "30",
                ["RATE_LIMIT_CATALOGUE_PER_MINUTE"] = "3",
                ["RATE_LIMIT_PER_MINUTE"] = "2",
                ["RATE_LIMIT_USER_PER_MINUTE"] = "5",
            }
        );
        for (var i = 0; i < 3; i++)
        {
            (await hub.Anonymous.ReadAsync("/models")).Is(200);
        }
        var refused = await hub.Anonymous.ReadAsync("/tiers");
        refused.IsError(429, "too_many_requests");
        Assert.InRange(int.Parse(refused.Headers.GetValues("Retry-After").Single()), 1, 60);

        (await hub.Anonymous.ReadAsync("/me")).Is(401);
        (await hub.Anonymous.ReadAsync("/me")).Is(401);
        (await hub.Anonymous.ReadAsync("/me")).Is(429);
        for (var i = 0; i < 5; i++)
        {
            (await hub.Admin.Client.ReadAsync("/me")).Is(200); // a user has a count of its own
        }
        (await hub.Admin.Client.ReadAsync("/me")).Is(429);
        for (var i = 0; i < 10; i++)
        {
            (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "a@x.io", password = "wrong" })).Is(401);
        }
        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "a@x.io", password = "wrong" })).IsError(
            429,
            "too_many_requests"
        );
        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "b@x.io", password = "wrong" })).Is(401);
        using var health = await hub.Anonymous.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    public async Task A_forwarded_address_is_believed_from_trusted_proxies_only(string trusted, string shown)
    {
        await using var hub = await AdminHub.StartAsync(settings: new Dictionary<string, string> { ["TRUSTED_PROXIES"] = trusted });
        var person = await hub.NewPersonAsync();
        await hub.Anonymous.SendAsync(
            "POST",
            "/auth/login",
            new { email = person.Email, password = "wrong" },
            r => r.Headers.Add("X-Forwarded-For", "203.0.113.9")
        );
        Assert.Equal(shown, (await hub.AuditOfAsync(person.Id))[^1].Ip);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private static async Task<HttpResponseMessage> SendAsync(
        AdminHub hub,
        HttpMethod method,
        string path,
        string? origin,
        Action<HttpRequestMessage>? adjust = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        adjust?.Invoke(request);
        return await hub.Anonymous.SendAsync(request);
    }
}

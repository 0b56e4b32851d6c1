using System.Net;
using System.Security.Cryptography;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Issuers;

/// <summary>
/// People who sign in to the console at an issuer's page: authorization code with PKCE, over HTTP, against a strict issuer.
/// </summary>
public sealed class IssuerSignInTests
{
    private const string Html = "text/html,application/xhtml+xml,*/*;q=0.8";

    private static readonly (string Name, object? Value)[] Ann = [("email", "ann@example.com"), ("email_verified", true)];

    [Theory, BothDatabases]
    public async Task Signing_in_at_the_issuer_opens_the_session_that_a_password_opens_too(TestDatabase database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Page.Claims = Ann;
        await using var hub = await HubHost.StartAsync(database, issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        Assert.Equal("/console/keys", await browser.SignInAsync());
        using var session = await browser.RefreshAsync();
        var body = await session.JsonAsync();
        Assert.Equal("ann@example.com", body.Text("user.email"));
        using var client = hub.NewClient(body.Text("token"));
        Assert.Equal("ann@example.com", (await client.ReadAsync("/me")).Body.Text("email"));
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.True(await db.AuditLog.AnyAsync(a => a.Action == "auth.login" && a.EntityId == body.Text("user.id")));
    }

    [Fact]
    public async Task Both_cookies_are_for_their_routes_alone_and_no_script_reads_them()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        await browser.SignInAsync();
        var begun = browser.SetCookies.First(c => c.StartsWith("hub_oidc=", StringComparison.Ordinal));
        foreach (var part in new[] { "httponly", "samesite=lax", "path=/api/v1/auth/oidc", "max-age=600" })
        {
            Assert.Contains(part, begun, StringComparison.OrdinalIgnoreCase);
        }
        var session = browser.SetCookies.Single(c => c.StartsWith("hub_session=", StringComparison.Ordinal));
        foreach (var part in new[] { "httponly", "samesite=strict", "path=/api/v1/auth/session" })
        {
            Assert.Contains(part, session, StringComparison.OrdinalIgnoreCase);
        }
        Assert.Equal(["hub_session"], browser.Cookies.Keys);
    }

    [Fact]
    public async Task The_page_is_told_which_providers_there_are()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        var provider = Assert.Single((await hub.Anonymous.ReadAsync("/auth/oidc")).Body.GetProperty("providers").EnumerateArray());
        Assert.Equal(("TestId", SignInBrowser.Base + "/start"), (provider.Text("name"), provider.Text("start_url")));
        await using var other = await HubHost.StartAsync(settings: issuer.Settings());
        Assert.Empty((await other.Anonymous.ReadAsync("/auth/oidc")).Body.GetProperty("providers").EnumerateArray());
    }

    [Theory]
    [InlineData("state=another")]
    [InlineData("state=")]
    [InlineData("iss=https://other.example")]
    public async Task What_does_not_belong_to_the_sign_in_of_this_browser_is_refused(string change)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        var back = await browser.GoToIssuerAsync();
        var name = change.Split('=')[0];
        var kept = back.Split('?')[1].Split('&').Where(p => !p.StartsWith(name + "=", StringComparison.Ordinal));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "sign_in_expired"),
            await browser.FailAsync($"{back.Split('?')[0]}?{string.Join('&', kept)}&{change}")
        );
        Assert.Empty(browser.Cookies);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("made-up")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_way_back_that_another_browser_began_leads_nowhere(string? cookie)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var attacker = new SignInBrowser(hub);
        var back = await attacker.GoToIssuerAsync();
        using var victim = new SignInBrowser(hub);
        if (cookie is not null)
        {
            victim.Cookies["hub_oidc"] = cookie;
        }
        Assert.Equal((HttpStatusCode.BadRequest, "sign_in_expired"), await victim.FailAsync(back));
    }

    [Fact]
    public async Task A_sign_in_that_took_too_long_is_refused()
    {
        var time = new ManualTimeProvider();
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings(("OIDC_SIGN_IN_SECONDS", "60")), time: time);
        using var browser = new SignInBrowser(hub);
        var back = await browser.GoToIssuerAsync();
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((HttpStatusCode.BadRequest, "sign_in_expired"), await browser.FailAsync(back));
    }

    [Fact]
    public async Task A_code_works_once_even_when_the_browser_kept_its_cookie()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        var back = await browser.GoToIssuerAsync();
        var cookie = browser.Cookies["hub_oidc"];
        using var first = await browser.GetAsync(back);
        Assert.Equal(HttpStatusCode.Found, first.StatusCode);
        using var thief = new SignInBrowser(hub) { Cookies = { ["hub_oidc"] = cookie } };
        Assert.Equal((HttpStatusCode.Unauthorized, "sign_in_failed"), await thief.FailAsync(back));
        Assert.Empty(thief.Cookies);
    }

    [Theory]
    [InlineData("nonce", "of another sign-in")]
    [InlineData("aud", TestIssuer.Audience)]
    [InlineData("azp", "another client")]
    [InlineData("iss", "https://other.example")]
    [InlineData("exp", 1)]
    public async Task An_ID_token_that_was_not_made_for_this_sign_in_opens_nothing(string claim, object value)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Page.Claims = [(claim, value)];
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        Assert.Equal((HttpStatusCode.Unauthorized, "sign_in_failed"), await browser.FailAsync(await browser.GoToIssuerAsync()));
        Assert.Empty(browser.Cookies);
    }

    [Fact]
    public async Task An_ID_token_that_another_key_signed_opens_nothing()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        await browser.SignInAsync();
        var known = issuer.Key;
        issuer.Rotate(SigningKey.Rsa(known.KeyId));
        Assert.Equal((HttpStatusCode.Unauthorized, "sign_in_failed"), await browser.FailAsync(await browser.GoToIssuerAsync()));
    }

    [Fact]
    public async Task An_issuer_that_is_down_is_503_at_the_start_and_on_the_way_back()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.IsDown = true;
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings(("OIDC_KEYS_RETRY_SECONDS", "1")));
        using var browser = new SignInBrowser(hub);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await browser.FailAsync(SignInBrowser.Base + "/start"));
        issuer.IsDown = false;
        await Eventually.TrueAsync(
            async () =>
            {
                using var start = await browser.GetAsync(SignInBrowser.Base + "/start");
                return start.StatusCode == HttpStatusCode.Found;
            },
            "the issuer is asked again"
        );
        var back = await browser.GoToIssuerAsync();
        issuer.IsDown = true;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await browser.FailAsync(back));
    }

    [Fact]
    public async Task An_account_that_is_switched_off_stays_closed()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(settings: issuer.Page.Settings());
        var person = await hub.NewPersonAsync();
        issuer.Page.Claims = [("email", person.Email), ("email_verified", true)];
        using var browser = new SignInBrowser(hub.Host);
        await browser.SignInAsync();
        (await hub.Admin.Client.SendAsync("PATCH", $"/admin/users/{person.Id}", new { is_active = false })).Is(200);
        browser.Cookies.Clear();
        Assert.Equal((HttpStatusCode.Forbidden, "account_inactive"), await browser.FailAsync(await browser.GoToIssuerAsync()));
        Assert.Empty(browser.Cookies);
        Assert.Contains(await hub.AuditOfAsync(person.Id), a => a.Action == "auth.login_failed");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/api/v1/me")]
    [InlineData("/console.evil.example")]
    [InlineData("/console/\r\nSet-Cookie: a=b")]
    [InlineData("javascript:alert(1)")]
    public async Task A_link_cannot_choose_where_a_sign_in_ends(string returnTo)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        var (status, code) = await browser.FailAsync($"{SignInBrowser.Base}/start?return_to={Uri.EscapeDataString(returnTo)}");
        Assert.Equal((HttpStatusCode.BadRequest, "validation_failed"), (status, code));
    }

    [Fact]
    public async Task A_provider_that_is_unknown_is_404()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        foreach (var step in new[] { "start", "callback?state=a&code=b" })
        {
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), await browser.FailAsync($"/api/v1/auth/oidc/other/{step}"));
        }
    }

    [Fact]
    public async Task Where_accounts_are_not_made_only_known_people_come_in()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Page.Claims = Ann;
        await using var hub = await AdminHub.StartAsync(
            settings: issuer.Page.Settings(("OIDC_CREATE_USERS", "false"), ("REGISTRATION_ENABLED", "false"))
        );
        using var browser = new SignInBrowser(hub.Host);
        Assert.Equal((HttpStatusCode.Forbidden, "no_account"), await browser.FailAsync(await browser.GoToIssuerAsync()));
        Assert.Empty(browser.Cookies);
        var person = await hub.NewPersonAsync();
        issuer.Page.Claims = [("email", person.Email), ("email_verified", true)];
        await browser.SignInAsync();
    }

    [Fact]
    public async Task Role_and_tier_follow_the_claims_as_for_tokens()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Page.Claims = [.. Ann, ("groups", new[] { "support" }), ("plan", "enterprise")];
        await using var hub = await HubHost.StartAsync(
            settings: issuer.Page.Settings(("OIDC_CLAIM_ROLE", "groups"), ("OIDC_CLAIM_TIER", "plan"))
        );
        using var browser = new SignInBrowser(hub);
        await browser.SignInAsync();
        using var session = await browser.RefreshAsync();
        Assert.Equal("support", (await session.JsonAsync()).Text("user.role"));
        issuer.Page.Claims = [("plan", "atlantis")];
        Assert.Equal((HttpStatusCode.Forbidden, "unknown_group"), await browser.FailAsync(await browser.GoToIssuerAsync()));
    }

    [Fact]
    public async Task Who_says_no_at_the_issuer_is_back_where_they_were()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Page.Subject = null;
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        Assert.Equal((HttpStatusCode.Forbidden, "sign_in_denied"), await browser.FailAsync(await browser.GoToIssuerAsync()));
        browser.Accept = Html;
        using var answer = await browser.GetAsync(await browser.GoToIssuerAsync("?return_to=/console/keys?new=1"));
        Assert.Equal("/console/keys?new=1&sign_in_error=sign_in_denied", answer.Headers.Location!.OriginalString);
        using var unknown = await browser.GetAsync("/api/v1/auth/oidc/other/start");
        Assert.Equal("/console?sign_in_error=not_found", unknown.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("", "client_secret_basic")]
    [InlineData(IssuerPage.ClientSecret, "client_secret_post")]
    public async Task A_public_client_and_a_secret_in_the_form_work_too(string secret, string method)
    {
        await using var issuer = await TestIssuer.StartAsync();
        (issuer.Page.Secret, issuer.Page.Methods) = (secret, [method]);
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings(("OIDC_CLIENT_SECRET", secret)));
        using var browser = new SignInBrowser(hub);
        Assert.Equal("/console/keys", await browser.SignInAsync());
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_by_the_issuer_and_stands_in_no_answer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings(("OIDC_CLIENT_SECRET", "mistyped")));
        using var browser = new SignInBrowser(hub);
        using var answer = await browser.GetAsync(await browser.GoToIssuerAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain("mistyped", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ID_token_of_a_sign_in_is_no_key_to_the_API()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings());
        using var browser = new SignInBrowser(hub);
        await browser.SignInAsync();
        using var client = hub.NewClient(issuer.Page.IdToken);
        (await client.ReadAsync("/me")).IsError(401, "token_invalid");
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(401, "invalid_request_error", "invalid_token");
    }

    [Fact]
    public async Task Settings_make_a_provider_without_an_audience_and_never_show_its_secret()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(
            settings: new Dictionary<string, string> { ["ENCRYPTION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) }
        );
        var settings = new
        {
            oidc_issuer = issuer.Address,
            oidc_create_users = true,
            oidc_name = "TestId",
            oidc_client_id = IssuerPage.ClientId,
            oidc_client_secret = IssuerPage.ClientSecret,
        };
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", settings)).Is(200);
        using var browser = new SignInBrowser(hub.Host);
        Assert.Equal("/console/keys", await browser.SignInAsync());
        Assert.DoesNotContain(IssuerPage.ClientSecret, (await hub.Admin.Client.ReadAsync("/admin/settings")).Raw, StringComparison.Ordinal);
        Assert.False(await hub.ReadAsync(db => db.Settings.AnyAsync(s => s.Value.Contains(IssuerPage.ClientSecret))));
        using var client = hub.Host.NewClient(issuer.Token("somebody"));
        (await client.ReadAsync("/me")).IsError(401, "token_invalid"); // no audience: tokens of the issuer open nothing
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { oidc_scopes = "profile" })).IsError(400, "validation_failed");
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { oidc_name = "a/b" })).IsError(400, "validation_failed");
    }

    [Fact]
    public async Task The_way_back_is_where_browsers_reach_the_gateway()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Page.Settings(("OIDC_PUBLIC_URL", "https://hub.example")));
        using var browser = new SignInBrowser(hub);
        Assert.StartsWith(
            "https://hub.example/api/v1/auth/oidc/TestId/callback?",
            await browser.GoToIssuerAsync(),
            StringComparison.Ordinal
        );
    }
}

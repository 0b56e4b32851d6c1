using System.Net;
using System.Text.RegularExpressions;
using Gateway.Core.Keys;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Admin.Start;

/// <summary>What a fresh installation allows: the table of README.md and SECURITY.md, row by row, by starting one and trying.</summary>
public sealed partial class FreshInstallationTests
{
    private const string Email = "root@example.org";
    private const string Password = "a long enough password";
    private const string Call = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}],"max_tokens":8}""";

    private static readonly object Stranger = new { email = "stranger@example.org", password = "password123" };

    [Fact]
    public void The_table_is_the_same_on_both_pages()
    {
        var tables = new[] { "README.md", "SECURITY.md" }.Select(TableOf).ToList();
        Assert.Equal(
            [
                "Who may register",
                "First admin",
                "Guests",
                "API keys",
                "Rates of the tier Free",
                "Budget of each user, admins apart",
                "Signing secret",
                "Upstream when none is set",
            ],
            tables[0].Select(row => row[0])
        );
        Assert.Equal(tables[0].Select(row => string.Join('|', row)), tables[1].Select(row => string.Join('|', row)));
    }

    [Theory]
    [InlineData("Development", 201), InlineData("Production", 403), InlineData("Staging", 403)]
    public async Task Who_may_register(string environment, int status)
    {
        var logs = new LogCapture();
        await using var hub = await StartAsync(environment, configure: builder => builder.AddProvider(logs));
        var answer = await hub.Anonymous.SendAsync("POST", "/auth/register", Stranger);
        answer.Is(status);
        Assert.Equal(status == 403 ? 1 : 0, logs.Entries.Count(e => e.Text.StartsWith("Registration is closed", StringComparison.Ordinal)));
        if (status == 403)
        {
            answer.IsError(403, "registration_disabled");
        }
    }

    [Fact]
    public async Task An_admin_opens_registration_by_the_setting_and_closes_it_again()
    {
        await using var hub = await StartAsync("Production");
        var admin = await AdminAsync(hub);
        Assert.Equal("false", (await admin.ReadAsync("/admin/settings/registration_enabled")).Body.Text("data.value"));
        (await admin.SendAsync("PUT", "/admin/settings/registration_enabled", new { value = true })).Is(200);
        (await hub.Anonymous.SendAsync("POST", "/auth/register", Stranger)).Is(201);
        (await admin.SendAsync("PUT", "/admin/settings/registration_enabled", new { value = false })).Is(200);
        (await hub.Anonymous.SendAsync("POST", "/auth/register", new { email = "other@example.org", password = "password123" })).IsError(
            403,
            "registration_disabled"
        );
    }

    [Theory]
    [InlineData("Production", "true", 201, 1), InlineData("Production", "false", 403, 0), InlineData("Development", "false", 403, 0)]
    public async Task The_option_wins_over_the_setting(string environment, string option, int status, int warnings)
    {
        var logs = new LogCapture();
        await using var hub = await StartAsync(environment, [("REGISTRATION_ENABLED", option)], builder => builder.AddProvider(logs));
        var admin = await AdminAsync(hub);
        (await admin.SendAsync("PUT", "/admin/settings/registration_enabled", new { value = option == "false" })).Is(200);
        (await hub.Anonymous.SendAsync("POST", "/auth/register", Stranger)).Is(status);
        Assert.Contains(
            "REGISTRATION_ENABLED",
            (await admin.ReadAsync("/admin/settings/registration_enabled")).Body.At("data").GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            warnings,
            logs.Entries.Count(e => e is { Level: LogLevel.Warning } && e.Text.StartsWith("Registration is open", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Nobody_is_there_without_an_admin()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["JWT_SECRET"] = Base62.Random(48) },
            environment: "Production"
        );
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal([Core.Chats.PlatformUser.Id], db.Users.Select(u => u.Id));
        Assert.Empty(db.ApiKeys);
        Assert.Equal("", hub.AdminPassword + hub.ApiKey);
    }

    [Theory]
    [InlineData("Development"), InlineData("Production")]
    public async Task Guests_are_off(string environment)
    {
        await using var hub = await StartAsync(environment);
        (await hub.Anonymous.SendAsync("POST", "/auth/guest")).IsError(404, "route_not_found");
    }

    [Fact]
    public async Task A_user_of_Free_calls_within_the_tiers_rates_in_Production()
    {
        await using var hub = await StartAsync("Production", [("REGISTRATION_ENABLED", "true")]);
        var rates = (await hub.Anonymous.ReadAsync("/rate-limits")).Body.At("data").EnumerateArray().Single();
        var told = NumbersOf("Rates of the tier Free", column: 2);
        Assert.Equal(4, told.Length);
        Assert.Equal(
            (told[0], told[1], told[2], told[3]),
            (
                rates.Number("requests_per_minute"),
                rates.Number("requests_per_day"),
                rates.Number("tokens_per_minute"),
                rates.Number("tokens_per_day")
            )
        );

        var user = (await hub.Anonymous.SendAsync("POST", "/auth/register", Stranger)).Body;
        var key = (await hub.NewClient(user.Text("access_token")).SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text(
            "api_key"
        );
        var client = hub.NewClient(key);
        for (var i = 0; i < told[0]; i++)
        {
            // Over all models together
            Assert.Equal(HttpStatusCode.OK, await CallAsync(client, i % 2 == 0 ? "gpt-4o-mini" : "sandbox-chat"));
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, await CallAsync(client, "gpt-4o"));
    }

    [Theory]
    [InlineData("Development", 1), InlineData("Production", 2)]
    public async Task Each_user_has_a_monthly_budget_that_refuses(string environment, int column)
    {
        await using var hub = await StartAsync(environment, [("REGISTRATION_ENABLED", "true"), ("DEFAULT_MONTHLY_BUDGET", "")]);
        var user = hub.NewClient((await hub.Anonymous.SendAsync("POST", "/auth/register", Stranger)).Body.Text("access_token"));
        var budget = (await user.ReadAsync("/users/me/budget")).Body;
        Assert.Equal(
            (NumbersOf("Budget of each user, admins apart", column)[0], true),
            (budget.Number("monthly_limit"), budget.At("is_enforced").GetBoolean())
        );

        var key = (await user.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("api_key");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(hub.NewClient(key), "gpt-4o-mini"));
        (await (await AdminAsync(hub)).SendAsync("PUT", "/admin/settings/default_monthly_budget", new { value = 0.000001 })).Is(200);
        Assert.Equal(HttpStatusCode.TooManyRequests, await CallAsync(hub.NewClient(key), "gpt-4o-mini"));
    }

    [Fact]
    public async Task Free_has_no_rates_in_Development()
    {
        await using var hub = await StartAsync("Development");
        Assert.Empty((await hub.Anonymous.ReadAsync("/rate-limits")).Body.At("data").EnumerateArray());
    }

    [Fact]
    public async Task A_call_without_a_key_is_refused_and_a_signed_in_users_key_is_taken()
    {
        await using var hub = await StartAsync("Production");
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(hub.Anonymous, "gpt-4o-mini"));
        var key = (await (await AdminAsync(hub)).SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("api_key");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(hub.NewClient(key), "gpt-4o-mini"));
    }

    [Theory]
    [InlineData("Development", HttpStatusCode.OK), InlineData("Production", HttpStatusCode.NotFound)]
    public async Task Only_Development_invents_an_upstream(string environment, HttpStatusCode status)
    {
        await using var hub = await StartAsync(environment, [("SANDBOX", "")]);
        var key = (await (await AdminAsync(hub)).SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("api_key");
        Assert.Equal(status, await CallAsync(hub.NewClient(key), "gpt-4o-mini"));
    }

    private static Task<HubHost> StartAsync(
        string environment,
        (string Name, string Value)[]? settings = null,
        Action<ILoggingBuilder>? configure = null
    )
    {
        var all = new Dictionary<string, string>
        {
            ["JWT_SECRET"] = Base62.Random(48),
            ["SANDBOX"] = "true",
            ["ADMIN_EMAIL"] = Email,
            ["ADMIN_PASSWORD"] = Password,
        };
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
        }
        return HubHost.StartAsync(settings: all, environment: environment, configure: builder => configure?.Invoke(builder.Logging));
    }

    private static async Task<HttpClient> AdminAsync(HubHost hub) =>
        hub.NewClient(
            (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = Email, password = Password })).Body.Text("access_token")
        );

    private static async Task<HttpStatusCode> CallAsync(HttpClient client, string model)
    {
        using var answer = await client.PostAsync(
            "/v1/chat/completions",
            new StringContent(Call.Replace("gpt-4o-mini", model, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json")
        );
        return answer.StatusCode;
    }

    private static decimal[] NumbersOf(string row, int column) =>
        [
            .. Number()
                .Matches(TableOf("README.md").Single(r => r[0] == row)[column])
                .Select(m =>
                    decimal.Parse(m.Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)
                ),
        ];

    private static List<string[]> TableOf(string page) =>
        [
            .. File.ReadLines(Path.Combine(Repository.Root, page))
                .SkipWhile(l => !l.StartsWith("| A fresh installation", StringComparison.Ordinal))
                .Skip(2)
                .TakeWhile(l => l.StartsWith('|'))
                .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];

    [GeneratedRegex(@"[\d,]*\d")]
    private static partial Regex Number();
}

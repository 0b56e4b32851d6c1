using System.Text.RegularExpressions;
using Gateway.Core.Keys;
using Gateway.Hosting;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Admin;

/// <summary>
/// The security rules of the management API that have no better place, each under its number. The others: look for <c>S2_</c> to
/// <c>S22_</c> beside what they guard.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed partial class SecurityRuleTests(AdminHubs hubs)
{
    [Theory]
    [
        InlineData("GET", "spending"),
        InlineData("GET", "api-keys"),
        InlineData("GET", "requests"),
        InlineData("GET", "budget"),
        InlineData("GET", "usage"),
        InlineData("GET", "usage-stats"),
        InlineData("GET", "tier")
    ]
    [InlineData("POST", "api-keys"), InlineData("PUT", "budget"), InlineData("POST", "tier/check")]
    public async Task S1_the_routes_of_another_user_are_forbidden(string method, string route)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (own, other) = (await hub.NewPersonAsync(), await hub.NewPersonAsync());
        object? body = route switch
        {
            "api-keys" when method == "POST" => new { name = "stolen" },
            "budget" when method == "PUT" => new { monthly_limit = 5 },
            _ => null,
        };
        (await own.Client.SendAsync(method, $"/users/{other.Id}/{route}", body)).IsError(403, "forbidden");
        Assert.True((int)(await own.Client.SendAsync(method, $"/users/me/{route}", body)).Status < 300);
    }

    [Fact]
    public async Task S3_exchange_rates_are_updated_by_admins_alone()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var customer = await hub.NewPersonAsync();
        var support = await hub.NewPersonAsync("support");
        foreach (var path in new[] { "/currencies/update-rates", "/admin/currencies/update-rates" })
        {
            (await hub.Anonymous.SendAsync("POST", path)).IsError(401, "authorization_required");
            (await customer.Client.SendAsync("POST", path)).IsError(403, "forbidden");
            (await support.Client.SendAsync("POST", path)).IsError(403, "forbidden");
            (await hub.Admin.Client.SendAsync("POST", path)).IsError(503, "exchange_rate_key_missing");
        }
    }

    [Theory]
    [InlineData(null, "JWT_SECRET is not set")]
    [InlineData("0123456789abcdefghijABCDEFGHIJ!", "JWT_SECRET is a text of 31 characters")]
    [InlineData("your-secret-key-change-in-production-please", "JWT_SECRET is a text of 43 characters")]
    [InlineData("your_jwt_secret_key_your_jwt_secret_key", "JWT_SECRET is a text of 39 characters")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "JWT_SECRET is a text of 44 characters")]
    public async Task S4_production_does_not_start_with_a_signing_secret_that_is_missing_short_or_known(string? secret, string fault)
    {
        var settings = secret is null ? [] : new Dictionary<string, string> { ["JWT_SECRET"] = secret };
        var failed = await Assert.ThrowsAsync<StartFailedException>(() =>
            HubHost.StartAsync(settings: settings, environment: "Production")
        );
        Assert.StartsWith(fault, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret ?? "no secret", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S4_development_makes_a_signing_secret_for_each_start()
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        string token;
        var settings = new Dictionary<string, string> { ["ADMIN_EMAIL"] = "boss@example.com", ["ADMIN_PASSWORD"] = "password123" };
        await using (var first = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            token = (
                await first.Anonymous.SendAsync("POST", "/auth/login", new { email = "boss@example.com", password = "password123" })
            ).Body.Text("token");
        }
        await using (var second = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            using var client = second.NewClient(token);
            (await client.ReadAsync("/me")).IsError(401, "token_invalid");
        }
        folder.Delete(recursive: true);
    }

    [Theory, BothDatabases]
    public async Task S7_a_cap_that_a_user_sets_never_exceeds_the_admins(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 100.000000001 })).IsError(
            403,
            "budget_above_admin_limit"
        ); // above the default budget
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 100 })).Is(200);
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { user_id = person.Id, max_budget = 20 })).Is(201);
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 20.000000001 })).IsError(
            403,
            "budget_above_admin_limit"
        );
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 20 })).Is(200);
        (await person.Client.SendAsync("PUT", $"/admin/budgets/any", new { max_budget = 1_000 })).IsError(403, "forbidden");
    }

    [Fact]
    public async Task S8_a_logout_ends_the_token_at_once()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await person.Client.SendAsync("POST", "/auth/logout")).Is(200);
        (await person.Client.ReadAsync("/me")).IsError(401, "token_revoked");
        await (await person.Client.GetAsync("/v1/models")).AssertRefusedAsync(401, "invalid_request_error", "invalid_token");
        (await hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = person.RefreshToken })).IsError(
            401,
            "refresh_failed"
        );
    }

    [Fact]
    public async Task S11_the_first_admin_comes_from_the_environment_once_and_knows_no_standard_password()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["JWT_SECRET"] = Base62.Random(48) },
            environment: "Production"
        );
        await using (var db = await hub.Databases.CreateDbContextAsync())
        {
            Assert.Equal(0, await db.Users.CountAsync(u => u.Id != Gateway.Core.Chats.PlatformUser.Id));
        }
        foreach (var password in new[] { "admin", "admin123", "password", "changeme" })
        {
            (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "admin@oneui.hub", password })).IsError(
                401,
                "invalid_credentials"
            );
        }
    }

    [Fact]
    public async Task S12_a_fault_of_ours_tells_nothing_of_itself()
    {
        await using var hub = await AdminHub.StartAsync();
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE exchange_rates RENAME COLUMN rate TO unknown");
        }
        var answer = await hub.Anonymous.ReadAsync("/currencies/exchange-rates");
        answer.IsError(500, "internal_error");
        Assert.Equal("Internal server error", answer.Body.Text("error"));
        Assert.DoesNotMatch("(?i)sqlite|exchange_rates|exception|   at |\\.cs|select", answer.Raw);
    }

    [Fact]
    public async Task S12_what_the_upstream_says_of_its_own_fault_stays_here()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await AdminHub.StartAsync(
            settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = upstream.Address.ToString() }
        );
        upstream.ProbeStatus = 500;
        var answer = await hub.Admin.Client.ReadAsync("/admin/models/litellm/model-group");
        answer.IsError(502, "upstream_error");
        Assert.DoesNotMatch("(?i)exception|127\\.0\\.0\\.1|   at ", answer.Raw);
    }

    [Fact]
    public async Task S14_what_stands_in_a_query_is_in_no_log_whatever_is_logged()
    {
        using var logs = new LogCapture();
        await using var hub = await HubHost.StartAsync(configure: builder =>
        {
            builder.Configuration.AddInMemoryCollection([
                new("Logging:LogLevel:Default", "Trace"),
                new("Logging:LogLevel:Microsoft", "Trace"),
                new("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
                new("Logging:LogLevel:Yarp", "Trace"),
            ]);
            builder.Logging.AddProvider(logs);
        });
        const string Query = "?message=hush-hush&url=hush-hush&token=hush-hush";
        foreach (
            var path in new[]
            {
                "/api/v1/models",
                "/api/v1/me",
                "/api/v1/nothing",
                "/api/v1/admin/upload/logo",
                "/v1/models",
                "/v1/nothing",
                "/health",
                "/uploads/logos/x.png",
            }
        )
        {
            using var answer = await hub.Client.GetAsync(path + Query);
        }
        using var call = await hub.Client.SendAsync(
            InferenceCalls.Post(InferenceCalls.ChatPath + Query, InferenceCalls.Chat("sandbox-chat"))
        );
        await logs.CallAsync(call.RequestId());
        Assert.DoesNotContain(logs.Entries, e => e.Text.Contains("hush", StringComparison.Ordinal));
    }

    [Theory, InlineData("POST", "/api/v1/internal/llm/stream"), InlineData("GET", "/api/v1/internal/llm/stream")]
    public async Task S15_the_internal_stream_is_not_served(string method, string path)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync(method, path["/api/v1".Length..], method == "POST" ? new { message = "x" } : null)).IsError(
            404,
            "route_not_found"
        );
        using var old = await hub.Admin.Client.PostAsync("/api/internal/llm/stream", null);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, old.StatusCode);
    }

    [Fact]
    public async Task S18_an_upload_is_cut_off_at_its_limit_and_named_by_the_server()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        (await UploadAsync("x.png", [.. png, .. new byte[5_242_881]])).IsError(413, "payload_too_large");
        (await UploadAsync("x.png", "MZ not a picture"u8.ToArray())).IsError(400, "validation_failed");
        var stored = await UploadAsync("..\\..\\evil.php.png", png);
        stored.Is(200);
        Assert.Matches(@"^/uploads/logos/[0-9a-f-]{36}_\d+\.png$", stored.Body.Text("url"));

        Task<ApiAnswer> UploadAsync(string name, byte[] content) =>
            hub.Admin.Client.SendAsync(
                "POST",
                "/admin/upload/logo",
                new MultipartFormDataContent { { new ByteArrayContent(content), "logo", name } }
            );
    }

    [Fact]
    public async Task S19_what_belongs_to_somebody_else_answers_as_if_it_were_not_there()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (own, other) = (await hub.NewPersonAsync(), await hub.NewPersonAsync());
        var key = (await other.Client.SendAsync("POST", "/users/me/api-keys", new { name = "theirs" })).Body.Text("id");
        var deposit = (await other.Client.SendAsync("POST", "/transactions/deposit", new { amount = 5 })).Body.Text("id");
        foreach (
            var (method, path, body) in new (string, string, object?)[]
            {
                ("DELETE", "/api-keys/{0}", null),
                ("PATCH", "/api-keys/{0}", new { name = "mine" }),
                ("POST", "/api-keys/{0}/rotate", null),
                ("GET", "/transactions/{1}", null),
                ("GET", "/requests/{0}", null),
            }
        )
        {
            var foreign = await own.Client.SendAsync(method, string.Format(path, key, deposit), body);
            var missing = await own.Client.SendAsync(method, string.Format(path, Guid.NewGuid(), Guid.NewGuid()), body);
            Assert.Equal(
                (missing.Status, missing.Code, missing.Body.Text("error")),
                (foreign.Status, foreign.Code, foreign.Body.Text("error"))
            );
            foreign.Is(404);
        }
    }

    [Theory, BothDatabases]
    public async Task S20_unique_indexes_ignore_null_and_every_member_of_a_tier_counts(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var mark = Guid.NewGuid().ToString("N");
        var company = (await hub.Admin.Client.SendAsync("POST", "/admin/companies", new { name = "first " + mark })).Body.Text("data.id");
        (await hub.Admin.Client.SendAsync("POST", "/admin/companies", new { name = "second " + mark })).Is(201);
        (await hub.Admin.Client.SendAsync("POST", "/admin/models", new { company_id = company, name = "model one " + mark })).Is(201);
        (await hub.Admin.Client.SendAsync("POST", "/admin/models", new { company_id = company, name = "model two " + mark })).Is(201);
        (await hub.Admin.Client.SendAsync("POST", "/admin/models", new { company_id = "", name = "homeless" })).IsError(
            400,
            "validation_failed"
        );
        Assert.Equal(2, (await hub.Anonymous.ReadAsync($"/models?search={mark.ToUpperInvariant()}")).Body.Number("total_count"));
        // So dear that no user of another test climbs into it.
        var tier = (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/tiers",
                new
                {
                    name = "tier " + mark,
                    is_free = false,
                    price = 1_000_000,
                }
            )
        ).Body.Text("data.id");
        var people = new[] { await hub.NewPersonAsync(), await hub.NewPersonAsync() };
        foreach (var person in people)
        {
            (await hub.Admin.Client.SendAsync("PATCH", $"/admin/users/{person.Id}", new { tier_id = tier })).Is(200);
        }
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/tiers/{tier}")).IsError(409, "tier_in_use");
        var free = (await hub.Anonymous.ReadAsync("/tiers"))
            .Body.At("data")
            .EnumerateArray()
            .First(t => t.At("is_free").GetBoolean())
            .Text("id");
        (await hub.Admin.Client.SendAsync("PATCH", $"/admin/users/{people[0].Id}", new { tier_id = free })).Is(200);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/tiers/{tier}")).IsError(409, "tier_in_use");
        (await hub.Admin.Client.SendAsync("PATCH", $"/admin/users/{people[1].Id}", new { tier_id = free })).Is(200);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/tiers/{tier}")).Is(200);
    }

    [Fact]
    public void S21_no_file_of_the_repository_holds_a_key_that_looks_real()
    {
        var folders = new[]
        {
            "Gateway",
            "Gateway.Admin",
            "Gateway.Core",
            "Gateway.Sandbox",
            "Gateway.Tests",
            "Gateway.Benchmarks",
            "docs",
            "grafana",
        }
            .Select(f => Path.Combine(Repository.Root, f))
            .Where(Directory.Exists);
        var files = folders
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root))
            .Where(f =>
                !BuiltOrFetched().IsMatch(f)
                && Path.GetExtension(f) is ".cs" or ".md" or ".json" or ".yml" or ".yaml" or ".example" or ".mjs" or ".py" or ""
            );
        var found = files
            .Where(f => new FileInfo(f).Length < 8 * 1024 * 1024 && !f.EndsWith("SecurityRuleTests.cs", StringComparison.Ordinal))
            .SelectMany(f => RealKey().Matches(File.ReadAllText(f)).Select(m => $"{Path.GetFileName(f)}: {m.Value[..8]}..."));
        Assert.Empty(found);
    }

    [Fact]
    public async Task S21_a_secret_setting_is_written_and_never_read()
    {
        await using var hub = await AdminHub.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["ENCRYPTION_KEY"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)),
            }
        );
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { litellm_api_key = "hush-hush" })).Is(200);
        foreach (
            var path in new[]
            {
                "/admin/settings",
                "/admin/settings/litellm_api_key",
                "/admin/settings/category/litellm",
                "/admin/audit-log",
                "/admin/audit",
            }
        )
        {
            Assert.DoesNotContain("hush", (await hub.Admin.Client.ReadAsync(path)).Raw, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(
            "hush",
            await hub.ReadAsync(db => db.Settings.Where(s => s.Key == "litellm_api_key").Select(s => s.Value).SingleAsync()),
            StringComparison.Ordinal
        );
    }

    // Mixed letters and digits, long and without words, as real keys are; ours carry their own prefix and are made by the tests.
    [GeneratedRegex(@"(?<![\w-])sk-(?!hub-)(?=[A-Za-z0-9_]*[0-9])(?=[A-Za-z0-9_]*[A-Z])(?=[A-Za-z0-9_]*[a-z])[A-Za-z0-9_]{20,}")]
    private static partial Regex RealKey();

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex BuiltOrFetched();
}

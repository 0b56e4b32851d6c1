using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Ledger;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using BCryptNet = BCrypt.Net.BCrypt;

namespace Gateway.Tests.MySql;

/// <summary>A database of the original system is taken over: its people sign in, their keys work, their history is in the sums.</summary>
public sealed class OneUiHubImportTests : IDisposable
{
    private static readonly string Key = "sk-" + new string('k', 24);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-import-");

    [Fact]
    public async Task A_dry_run_tells_what_a_run_does_and_writes_nothing()
    {
        var source = await SourceAsync();
        await using (await HubHost.StartAsync(folder: _folder)) { }
        var dry = await RunAsync(source);
        Assert.True(dry.GetProperty("is_dry_run").GetBoolean());
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.False(await db.Users.AnyAsync(u => u.Email == "ann@example.com") || await db.LedgerEntries.AnyAsync());
        }
        var real = await RunAsync(source, "--apply");
        Assert.Equal(dry.GetProperty("tables").GetRawText(), real.GetProperty("tables").GetRawText());
        Assert.Equal(
            ["tiers 2 1", "companies 1 1", "models 2 1", "users 3 2", "api_keys 2 1", "budgets 2 1", "requests 3 2"],
            real.GetProperty("tables")
                .EnumerateArray()
                .Where(t => t.GetProperty("table").GetString() is not ("model_configs" or "rate_limits" or "currencies"))
                .Select(t =>
                    $"{t.GetProperty("table").GetString()} {t.GetProperty("read").GetInt64()} {t.GetProperty("created").GetInt64()}"
                )
        );
    }

    [Fact]
    public async Task People_sign_in_with_their_passwords_and_call_with_their_keys()
    {
        var source = await SourceAsync();
        await using (await HubHost.StartAsync(folder: _folder)) { }
        await RunAsync(source, "--apply");
        await using var hub = await HubHost.StartAsync(folder: _folder);
        var signIn = await hub.Anonymous.PostAsJsonAsync(
            "/api/v1/auth/login",
            new { email = "ann@example.com", password = "ann-password" }
        );
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        var user = (await signIn.JsonAsync()).GetProperty("user");
        Assert.Equal(("u1", "admin"), (user.GetProperty("id").GetString(), user.GetProperty("role").GetString()));
        using var client = hub.NewClient(Key);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode);
        using var stranger = hub.NewClient(Key + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/v1/models")).StatusCode);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(12_500_000_000, (await db.UserAccounts.SingleAsync(a => a.UserId == "u1")).BalanceNanoUsd);
    }

    [Fact]
    public async Task History_is_in_the_sums_and_a_second_run_adds_nothing()
    {
        var source = await SourceAsync();
        await using (await HubHost.StartAsync(folder: _folder)) { }
        await RunAsync(source, "--apply");
        var second = await RunAsync(source, "--apply");
        Assert.All(second.GetProperty("tables").EnumerateArray(), t => Assert.Equal(0, t.GetProperty("created").GetInt64()));
        await using var hub = await HubHost.StartAsync(folder: _folder);
        var check = await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None);
        Assert.True(check.IsClean);
        Assert.Equal((2, 3_000_000L), (check.Records, check.TotalCostNanoUsd));
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(3_000_000, (await db.BudgetSpend.SingleAsync(s => s.BudgetId == "b1")).SpentNanoUsd);
    }

    [Fact]
    public async Task What_is_left_out_is_told_with_its_reason()
    {
        await using (await HubHost.StartAsync(folder: _folder)) { }
        var report = await RunAsync(await SourceAsync());
        var reasons = report
            .GetProperty("tables")
            .EnumerateArray()
            .SelectMany(t => t.GetProperty("left_out").EnumerateArray().Select(l => (Table: t.GetProperty("table").GetString(), Left: l)))
            .Select(l => $"{l.Table}: {l.Left.GetProperty("reason").GetString()} ({l.Left.GetProperty("examples")[0].GetString()})")
            .ToList();
        Assert.Contains(reasons, r => r.StartsWith("api_keys: its hash is not a SHA-256", StringComparison.Ordinal));
        Assert.Contains("models: it was deleted (m2)", reasons);
        Assert.Contains("users: it was deleted (u3)", reasons);
        Assert.Contains("requests: its user was not taken over (r3)", reasons);
        Assert.Contains("budgets: it is a team's or nobody's: the original has no teams (b2)", reasons);
        var notes = string.Join('\n', report.GetProperty("notes").EnumerateArray().Select(n => n.GetString()));
        Assert.Contains("The password of the user bob@example.com cannot be kept", notes, StringComparison.Ordinal);
        Assert.Contains("Prices are left out", notes, StringComparison.Ordinal);
        Assert.Contains("The table gossip is not known", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_database_is_refused()
    {
        await using (await HubHost.StartAsync(folder: _folder)) { }
        var run = await CommandAsync(await MariaDbServer.CreateDatabaseAsync());
        Assert.Equal(1, run.Code);
        Assert.Contains("it is not a database of OneUIHub", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<JsonElement> RunAsync(string source, params string[] more)
    {
        var run = await CommandAsync(source, more);
        Assert.True(run.Code == 0, run.Errors);
        return JsonElement.Parse(run.Output);
    }

    private Task<GatewayCommand> CommandAsync(string source, params string[] more) =>
        GatewayCommand.RunAsync(
            ["import", "oneuihub", "--from", source, .. more],
            new Dictionary<string, string> { ["DATA_DIR"] = _folder.FullName }
        );

    // The entities of the original as its own migration makes them, with a row of each kind.
    private static async Task<string> SourceAsync()
    {
        var url = await MariaDbServer.CreateDatabaseAsync();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key)));
        await MariaDbServer.ExecuteAsync(
            $"""
            USE {new Uri(url).AbsolutePath.Trim('/')};
            SET NAMES utf8mb4;
            CREATE TABLE tiers (id varchar(36) PRIMARY KEY, name varchar(100) NOT NULL, description text, is_free tinyint(1) DEFAULT 0,
                price decimal(10,2) DEFAULT 0, created_at datetime(3), deleted_at datetime(3));
            CREATE TABLE companies (id varchar(36) PRIMARY KEY, name varchar(255) NOT NULL, logo_url varchar(255), description text,
                external_id varchar(255) UNIQUE, created_at datetime(3), updated_at datetime(3), deleted_at timestamp NULL);
            CREATE TABLE models (id varchar(36) PRIMARY KEY, company_id varchar(36) NOT NULL, name varchar(255) NOT NULL, description text,
                features text, external_id varchar(255) UNIQUE, providers text, max_input_tokens int, max_output_tokens int,
                mode varchar(50), supports_parallel_function_calling tinyint(1), supports_vision tinyint(1),
                supports_web_search tinyint(1), supports_reasoning tinyint(1), supports_function_calling tinyint(1),
                supported_openai_params text, created_at datetime(3), updated_at datetime(3), deleted_at datetime(3));
            CREATE TABLE model_configs (id varchar(36) PRIMARY KEY, model_id varchar(36) NOT NULL, is_free tinyint(1) DEFAULT 0,
                is_enabled tinyint(1) DEFAULT 1, input_token_cost decimal(10,6), output_token_cost decimal(10,6),
                created_at datetime(3), updated_at datetime(3), deleted_at datetime(3));
            CREATE TABLE users (id varchar(36) PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, name varchar(255),
                password_hash varchar(255) NOT NULL, tier_id varchar(36) NOT NULL,
                role enum('customer','enterprise','support','admin') DEFAULT 'customer',
                created_at datetime(3), updated_at datetime(3), deleted_at timestamp NULL);
            CREATE TABLE user_limits (user_id varchar(36) PRIMARY KEY, monthly_token_limit bigint, balance decimal(10,2) DEFAULT 0);
            CREATE TABLE user_spendings (user_id varchar(36) PRIMARY KEY, total_spent decimal(10,2) NOT NULL DEFAULT 0,
                updated_at datetime(3));
            CREATE TABLE api_keys (id varchar(36) PRIMARY KEY, user_id varchar(36) NOT NULL, key_hash varchar(255) NOT NULL,
                original_key text, api_key_preview varchar(20), external_id varchar(255), name varchar(255), created_at datetime(3),
                expires_at datetime(3), deleted_at timestamp NULL);
            CREATE TABLE rate_limits (id varchar(36) PRIMARY KEY, model_id varchar(36) NOT NULL, tier_id varchar(36) NOT NULL,
                requests_per_minute bigint, requests_per_day bigint, tokens_per_minute bigint, tokens_per_day bigint,
                created_at datetime(3), updated_at datetime(3));
            CREATE TABLE budgets (id varchar(36) PRIMARY KEY, user_id varchar(36), team_id varchar(36), max_budget decimal(10,2) NOT NULL,
                spent_budget decimal(10,2) DEFAULT 0, budget_duration varchar(50) DEFAULT 'monthly', reset_at datetime(3),
                external_id varchar(255) UNIQUE, created_at datetime(3), updated_at datetime(3), deleted_at datetime(3));
            CREATE TABLE requests (id varchar(36) PRIMARY KEY, user_id varchar(36) NOT NULL, model_id varchar(36) NOT NULL,
                input_tokens bigint NOT NULL, output_tokens bigint NOT NULL, input_cost decimal(10,6) NOT NULL,
                output_cost decimal(10,6) NOT NULL, total_cost decimal(10,6) NOT NULL, created_at datetime(3));
            CREATE TABLE currencies (id varchar(3) PRIMARY KEY, name varchar(100) NOT NULL, symbol varchar(10) NOT NULL);
            CREATE TABLE gossip (id int);
            INSERT INTO tiers VALUES ('t1', 'Free', 'as here', 1, 0, NOW(), NULL), ('t2', 'Gold', 'only there', 0, 250.50, NOW(), NULL);
            INSERT INTO companies VALUES ('c1', 'Acme', '/logo.png', NULL, 'acme', NOW(), NOW(), NULL);
            INSERT INTO models VALUES ('m1', 'c1', 'acme-large', 'd', 'a,b', 'acme/large', '["acme"]', 1000, 500, 'chat', 0, 1, 0, 0, 1,
                '["temperature"]', NOW(), NOW(), NULL),
                ('m2', 'c1', 'acme-old', 'd', '', 'acme/old', '', NULL, NULL, 'chat', 0, 0, 0, 0, 0, '', NOW(), NOW(), NOW());
            INSERT INTO model_configs VALUES ('mc1', 'm1', 0, 1, 0.000003, 0.000015, NOW(), NOW(), NULL);
            INSERT INTO users VALUES
                ('u1', 'Ann@Example.com', 'Ann', '{BCryptNet.HashPassword("ann-password", 4)}', 't2', 'admin', '2026-01-01', NOW(), NULL),
                ('u2', 'bob@example.com', NULL, 'md5:something', 't1', 'customer', '2026-01-01', NOW(), NULL),
                ('u3', 'gone@example.com', NULL, 'x', 't1', 'customer', '2026-01-01', NOW(), NOW());
            INSERT INTO user_limits VALUES ('u1', 100000, 12.50);
            INSERT INTO user_spendings VALUES ('u1', 3.99, NOW());
            INSERT INTO api_keys VALUES ('k1', 'u1', '{hash}', 'x', 'sk-01...BCDEF', '{hash}', 'first', NOW(), NULL, NULL),
                ('k2', 'u1', '$2a$10$something', 'x', 'sk-02...xxxxx', '', 'second', NOW(), NULL, NULL);
            INSERT INTO rate_limits VALUES ('l1', 'm1', 't2', 60, 0, -1, 1000000, NOW(), NOW());
            INSERT INTO budgets VALUES ('b1', 'u1', NULL, 100.00, 1.23, 'monthly', NULL, 'ext', '2026-01-01', NOW(), NULL),
                ('b2', NULL, 'team', 5.00, 0, 'monthly', NULL, NULL, NOW(), NOW(), NULL);
            INSERT INTO requests VALUES ('r1', 'u1', 'm1', 100, 50, 0.000400, 0.000600, 0.001000, '2026-02-03 04:05:06.789'),
                ('r2', 'u1', 'm2', 10, 5, 0.001000, 0.001000, 0.002000, '2026-02-03 05:05:06'),
                ('r3', 'u3', 'm1', 10, 5, 0, 0, 0, NOW());
            INSERT INTO currencies VALUES ('EUR', 'Euro', '€');
            """
        );
        return url;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Telemetry;

/// <summary>
/// What operators look at, proved against a real Prometheus that scraped a real gateway under a scripted load with faults.
/// </summary>
public sealed class DashboardTests
{
    // Queries that may stay empty in this run, and the fault that would fill each. At most five.
    private static readonly Dictionary<string, string> Silent = new()
    {
        ["rule PolicyStale"] = "a database whose change log cannot be read for 10 s",
        ["rule JournalNearFull"] = "a disk that takes no further file of the journal",
        ["rule JournalNotSynced"] = "a disk that fails to sync or takes more than a second",
        ["rule DatabaseDown"] = "a database that does not answer; that of this run is only locked",
        ["rule BackgroundWorkFails"] = "work in the background that fails twice; its faults are in tests of its own",
        ["rule OverheadAboveBound"] = "a machine so slow that the gateway takes more than 1 ms at p99",
    };

    // Of several nodes on PostgreSQL: The_rules_about_several_nodes_are_answered.
    private static readonly string[] OfNodes = ["rule PolicyDeaf", "rule PolicySpreadsSlowly"];

    [Fact]
    public async Task The_rules_about_several_nodes_are_answered()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var wire = new TcpRelay(new Uri(url).Port);
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["DATABASE_URL"] = url,
                ["DATABASE_LISTEN_URL"] = url.Replace($":{new Uri(url).Port}/", $":{wire.Port}/", StringComparison.Ordinal),
            }
        );
        await using var prometheus = await PrometheusServer.StartAsync(hub.Address);
        wire.Cut(); // nobody tells of changes
        await ChangeLateAsync();
        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("oneui_policy_spread_seconds_count > 0")).Count > 0,
            "Prometheus has seen the first change"
        );
        var rules = (await WatchedQueries.OfRulesAsync(prometheus)).Where(r => OfNodes.Contains(r.Where)).ToList();
        Assert.Equal(OfNodes.Length, rules.Count);
        foreach (var (where, query) in rules)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    await ChangeLateAsync();
                    return (await prometheus.QueryAsync(query)).Any(s => double.IsFinite(PrometheusServer.Value(s)));
                },
                $"{where} is answered",
                TimeSpan.FromSeconds(40)
            );
        }

        // A change of a node whose clock is five seconds behind.
        async Task ChangeLateAsync()
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var late = new ManualTimeProvider(DateTimeOffset.UtcNow - TimeSpan.FromSeconds(5));
            await ChangeLog.AppendAsync(db, ChangedEntities.User, "nobody", null, late, default);
            await transaction.CommitAsync();
        }
    }

    [Fact]
    public async Task Every_query_of_every_panel_and_rule_is_answered()
    {
        Assert.True(Silent.Count <= 6);
        var folder = Directory.CreateTempSubdirectory("hub-watched-");
        await using var upstream = await FakeUpstream.StartAsync();
        await using var overloaded = await FakeUpstream.StartAsync();
        overloaded.Answer = http => FakeUpstream.JsonAsync(http, "{}", 503);
        await using (var hub = await StartAsync(folder, upstream, overloaded))
        {
            var lost = new Uri($"http://127.0.0.1:{FreePort()}");
            await using var prometheus = await PrometheusServer.StartAsync(hub.Address, lost);
            await Eventually.TrueAsync(
                async () => (await prometheus.QueryAsync("oneui_build_info")).Count > 0,
                "Prometheus has seen the zeros before the first events"
            );
            var callers = await CallersAsync(hub);
            await hub.Services.GetRequiredService<UsageQueue>().EnqueueAsync(new QueuedCall(Refused(), default));
            await LoadAsync(hub, callers, upstream, TimeSpan.FromSeconds(8));
            using (await StopWritingAsync(folder))
            {
                var load = LoadAsync(hub, callers, upstream, TimeSpan.FromSeconds(8));
                await Eventually.TrueAsync(
                    async () => (await prometheus.QueryAsync("oneui_ledger_lag_seconds > 5")).Count > 0,
                    "the ledger is behind"
                );
                await Eventually.TrueAsync(
                    async () => (await prometheus.QueryAsync("increase(oneui_database_errors_total[5m]) > 0")).Count > 0,
                    "the writer has given up a try"
                );
                await AssertAnsweredAsync(prometheus);
                await load;
            }
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_alert_has_a_test_in_which_it_fires_and_promtool_agrees()
    {
        var folder = Path.Combine(Repository.Root, "grafana", "prometheus");
        var tests = await File.ReadAllTextAsync(Path.Combine(folder, "tests", "alerts.yml"));
        var manual = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        foreach (
            var alert in File.ReadLines(Path.Combine(folder, "rules", "alerts.yml"))
                .Where(l => l.Contains("- alert: ", StringComparison.Ordinal))
                .Select(l => l.Split(": ")[1].Trim())
        )
        {
            Assert.Contains($"alertname: {alert}\n        exp_alerts:", tests, StringComparison.Ordinal);
            Assert.Contains($"alertname: {alert}}}", tests, StringComparison.Ordinal);
            Assert.Matches($@"(?m)^\|[^|]*\b{alert}\b", manual);
        }
        var run = await PrometheusTools.PromtoolAsync(folder, "test", "rules", "tests/alerts.yml");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        var check = await PrometheusTools.PromtoolAsync(folder, "check", "config", "prometheus.yml");
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
    }

    [Fact]
    public void Dashboards_have_ids_titles_and_the_provisioned_datasource()
    {
        var provisioned = File.ReadAllText(Path.Combine(Repository.Root, "grafana", "provisioning", "datasources", "prometheus.yml"));
        var uids = new HashSet<string>();
        foreach (var file in WatchedQueries.Dashboards)
        {
            var dashboard = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
            Assert.True(uids.Add(dashboard.GetProperty("uid").GetString()!));
            var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.All(
                panels.Where(p => p.TryGetProperty("targets", out _)),
                p =>
                    Assert.Contains(
                        $"uid: {p.GetProperty("datasource").GetProperty("uid").GetString()}\n",
                        provisioned,
                        StringComparison.Ordinal
                    )
            );
            Assert.All(panels, p => Assert.NotEmpty(p.GetProperty("title").GetString()!));
        }
        Assert.Equal(3, uids.Count);
    }

    private static Task<HubHost> StartAsync(DirectoryInfo folder, FakeUpstream upstream, FakeUpstream overloaded) =>
        HubHost.StartAsync(
            folder: folder,
            settings: new Dictionary<string, string>
            {
                // The second destination is well and has no time: calls go on to the first. The third takes no connection: probes find it
                // ill.
                ["LITELLM_BASE_URL"] = $"{upstream.Address},{overloaded.Address},http://127.0.0.1:{FreePort()}",
                ["UPSTREAM_PROBE_SECONDS"] = "1",
                ["WEBHOOK_POLL_MS"] = "100",
                ["WEBHOOK_ATTEMPTS"] = "1",
            }
        );

    // A rich one, whose money covers less than the longest answer would cost; a poor one, who has spent all; one under limits in shadow
    // mode. Nobody listens at the webhook.
    private static async Task<Callers> CallersAsync(HubHost hub)
    {
        var signIn = await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = hub.AdminEmail, password = hub.AdminPassword });
        using var admin = hub.NewClient(signIn.Body.Text("access_token"));
        (await admin.SendAsync("PUT", "/admin/settings", new { webhook_url = $"http://127.0.0.1:{FreePort()}" })).Is(200);
        (await admin.SendAsync("PUT", $"/admin/models/{hub.ModelId("fake")}", new { max_output_tokens = 1_000_000 })).Is(200);
        var (rich, poor, shadowed) = (await hub.AddCallerAsync(), await hub.AddCallerAsync(), await hub.AddCallerAsync());
        await hub.AddKeyBudgetAsync(rich, 10_000_000_000);
        await hub.AddKeyBudgetAsync(poor, 1_000_000);
        await hub.AddKeyRateLimitAsync(shadowed, l => (l.Mode, l.RequestsPerMinute) = ("shadow", 1));
        await hub.AddKeyBudgetAsync(shadowed, FakeUpstream.UsageCostNanoUsd * 100 / 96, b => b.Mode = "shadow");
        return new Callers(hub.NewClient(rich.Text), hub.NewClient(poor.Text), hub.NewClient(shadowed.Text));
    }

    private static async Task AssertAnsweredAsync(PrometheusServer prometheus)
    {
        var faults = new List<string>();
        var queries = WatchedQueries.OfPanels().Concat(await WatchedQueries.OfRulesAsync(prometheus)).ToList();
        Assert.True(queries.Count > 60, $"Only {queries.Count} queries.");
        foreach (var (where, query) in queries)
        {
            var samples = await prometheus.QueryAsync(query);
            var isEmpty = !samples.Any(s => double.IsFinite(PrometheusServer.Value(s)));
            if (isEmpty && !Silent.ContainsKey(where) && !OfNodes.Contains(where))
            {
                faults.Add($"{where} is empty: {query}");
            }
        }
        foreach (var (where, metric, label) in WatchedQueries.OfVariables())
        {
            if ((await prometheus.LabelValuesAsync(metric, label)).Count == 0)
            {
                faults.Add($"{where} has no values.");
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task LoadAsync(HubHost hub, Callers callers, FakeUpstream upstream, TimeSpan time)
    {
        upstream.Answer = http => AnswerAsync(http, upstream.Calls[^1].Text); // one call at a time
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; )
        {
            using var plain = await hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
            using var grouped = await hub.Client.ChatAsync(InferenceCalls.Chat("group/fake"));
            using var stream = await hub.Client.ChatAsync(InferenceCalls.Stream("fake"));
            using var cut = await hub.Client.ChatAsync(InferenceCalls.Stream("fake", ",\"user\":\"cut\""));
            using var silent = await hub.Client.ChatAsync(InferenceCalls.Chat("fake", ",\"user\":\"no-usage\""));
            using var failing = await hub.Client.ChatAsync(InferenceCalls.Chat("fake", ",\"user\":\"fail\""));
            using var unknown = await hub.Client.ChatAsync(InferenceCalls.Chat("unknown"));
            using var stranger = await hub.Anonymous.ChatAsync(InferenceCalls.Chat("fake"));
            using var clamped = await callers.Rich.ChatAsync(InferenceCalls.Chat("fake"));
            using var beyond = await callers.Rich.ChatAsync(InferenceCalls.Chat("fake", ",\"max_tokens\":1,\"user\":\"beyond\""));
            using var spent = await callers.Poor.ChatAsync(InferenceCalls.Chat("fake", ",\"user\":\"beyond\""));
            using var shadowed = await callers.Shadowed.ChatAsync(InferenceCalls.Chat("fake"));
        }
    }

    private static async Task AnswerAsync(HttpContext http, string body)
    {
        http.Response.Headers["x-litellm-response-cost"] = "0.00005"; // our prices make it 0.000047
        if (body.Contains("\"fail\"", StringComparison.Ordinal))
        {
            await FakeUpstream.JsonAsync(http, """{"error":{"message":"broken","type":"server_error","code":"500"}}""", 500);
        }
        else if (body.Contains("\"beyond\"", StringComparison.Ordinal))
        {
            await FakeUpstream.JsonAsync(
                http,
                FakeUpstream.PlainAnswer.Replace(
                    FakeUpstream.Usage,
                    """{"prompt_tokens":7,"completion_tokens":1000,"total_tokens":1007}""",
                    StringComparison.Ordinal
                )
            );
        }
        else if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await FakeUpstream.JsonAsync(
                http,
                body.Contains("no-usage", StringComparison.Ordinal)
                    ? """{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"}}]}"""
                    : FakeUpstream.PlainAnswer
            );
        }
        else
        {
            await StreamAsync(http, isCut: body.Contains("\"cut\"", StringComparison.Ordinal));
        }
    }

    private static async Task StreamAsync(HttpContext http, bool isCut)
    {
        FakeUpstream.BeginStream(http);
        await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hel"));
        await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("lo"));
        if (isCut)
        {
            return;
        }
        await FakeUpstream.EventAsync(
            http,
            """{"id":"answer-1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":4}}}"""
        );
        await FakeUpstream.EventAsync(http, "[DONE]");
    }

    // A row that no ledger takes.
    private static UsageRecord Refused() =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = "user",
            TierId = "tier",
            ModelId = "model",
            ModelName = "model",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new() { Input = -1 },
            AdmittedAt = DateTime.UtcNow,
            EndedAt = DateTime.UtcNow,
        };

    private sealed record Callers(HttpClient Rich, HttpClient Poor, HttpClient Shadowed);

    // A transaction of somebody else's keeps the gateway's writer out.
    private static async Task<SqliteConnection> StopWritingAsync(DirectoryInfo folder)
    {
        var connection = new SqliteConnection($"Data Source={folder.FullName}/hub.db;Pooling=false");
        await connection.OpenAsync();
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        return connection;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Admin.Conventions;

/// <summary>The database goes away or is locked under the management API: 503 in its error shape, and soon.</summary>
public sealed class DatabaseAwayTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);

    private static readonly (string Method, string Path)[] Routes =
    [
        ("GET", "/admin/users"),
        ("GET", "/admin/usage"),
        ("GET", "/admin/ledger/check"),
        ("GET", "/admin/ledger/export"),
        ("GET", "/models"),
        ("GET", "/admin/settings"),
        ("GET", "/admin/audit"),
        ("GET", "/users/me/budget"),
        ("POST", "/admin/teams"),
        ("PUT", "/admin/settings"),
        ("DELETE", "/admin/companies/none"),
    ];

    [Fact]
    public async Task A_PostgreSQL_that_is_away_is_503_on_every_route()
    {
        var url = new Uri(await PostgresServer.CreateDatabaseAsync());
        await using var wire = new TcpRelay(url.Port);
        var settings = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = url.ToString().Replace($":{url.Port}/", $":{wire.Port}/", StringComparison.Ordinal),
        };
        await using var hub = await AdminHub.StartAsync(TestDatabase.Postgres, settings);
        wire.Cut();
        foreach (var (method, path) in Routes)
        {
            await AssertUnavailableAsync(hub.Admin.Client, method, path, new { name = "a" });
        }
        await AssertUnavailableAsync(hub.Anonymous, "POST", "/auth/login", new { email = "a@example.org", password = "password123" });
        wire.Mend();
        await Eventually.TrueAsync(
            async () => (await hub.Admin.Client.SendAsync("GET", "/admin/users")).Status == HttpStatusCode.OK,
            "it is served again"
        );
    }

    [Fact]
    public async Task An_SQLite_that_somebody_locks_is_503_for_changes_within_the_limit()
    {
        var folder = Directory.CreateTempSubdirectory("hub-locked-");
        await using (
            var hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string> { ["ADMIN_DATABASE_WAIT_SECONDS"] = "1" },
                folder: folder
            )
        )
        {
            var signIn = await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = hub.AdminEmail, password = hub.AdminPassword });
            using var admin = hub.NewClient(signIn.Body.Text("access_token"));
            await using (var other = new SqliteConnection($"Data Source={folder.FullName}/hub.db;Pooling=False"))
            {
                await other.OpenAsync();
                await using var held = other.BeginTransaction(deferred: false);
                await AssertUnavailableAsync(admin, "POST", "/admin/teams", new { name = "team" });
                // SQLite's writers keep no reader away
                Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("GET", "/admin/users")).Status);
            }
            Assert.Equal(HttpStatusCode.Created, (await admin.SendAsync("POST", "/admin/teams", new { name = "team" })).Status);
        }
        folder.Delete(recursive: true);
    }

    private static async Task AssertUnavailableAsync(HttpClient client, string method, string path, object body)
    {
        var clock = Stopwatch.StartNew();
        var answer = await client.SendAsync(method, path, method == "GET" ? null : body);
        Assert.Equal((path, HttpStatusCode.ServiceUnavailable, "not_ready"), (path, answer.Status, answer.Body.Text("code")));
        Assert.Equal(answer.Body.Text("error"), answer.Body.Text("detail"));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Soon);
    }
}

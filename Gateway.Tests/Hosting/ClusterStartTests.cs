using System.Net;
using Gateway.Core.Keys;
using Gateway.Core.Storage;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Tests.Hosting;

/// <summary>Many nodes start in the same moment: one of them migrates, and all of them serve.</summary>
public sealed class ClusterStartTests
{
    [Fact]
    public async Task On_an_empty_database()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await AssertStartsAsync(url);
    }

    [Fact]
    public async Task On_the_schema_of_an_earlier_release()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.Postgres, "20261130181000_TrafficNodes");
        await AssertStartsAsync(store.Url);
    }

    [Fact]
    public async Task A_node_waits_for_the_one_that_migrates()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var other = new NpgsqlConnection(TestStore.ConnectionStringOf(url));
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(x'6F6E6575'::int, hashtext('migration'))", other))
        {
            await turn.ExecuteNonQueryAsync();
        }
        var start = HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = url, ["HUB_ROLE"] = "admin" });
        await using var look = new NpgsqlConnection(TestStore.ConnectionStringOf(url));
        await look.OpenAsync();
        await using (var waits = new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", look))
        {
            await Eventually.TrueAsync(async () => (long)(await waits.ExecuteScalarAsync())! > 0, "the node waits");
        }
        await using (var tables = new NpgsqlCommand("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'", look))
        {
            Assert.Equal(0L, await tables.ExecuteScalarAsync());
        }
        await transaction.CommitAsync();
        await using var hub = await start;
        Assert.Equal(HttpStatusCode.OK, (await hub.Anonymous.GetAsync("/health/ready")).StatusCode);
    }

    private static async Task AssertStartsAsync(string url)
    {
        var settings = new Dictionary<string, string> { ["DATABASE_URL"] = url, ["JWT_SECRET"] = Base62.Random(48) };
        var hosts = await Task.WhenAll(
            ((string[])["admin", "admin", "admin", "gateway"]).Select(role =>
                Task.Run(() => HubHost.StartAsync(settings: new Dictionary<string, string>(settings) { ["HUB_ROLE"] = role }))
            )
        );
        try
        {
            foreach (var host in hosts)
            {
                Assert.Equal(HttpStatusCode.OK, (await host.Anonymous.GetAsync("/health/ready")).StatusCode);
            }
            var first = hosts.Single(h => h.ApiKey.Length > 0);
            using var client = hosts[^1].NewClient(first.ApiKey);
            await Eventually.TrueAsync(
                async () => (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode == HttpStatusCode.OK,
                "the catalogue that another node read is in force"
            );
            await using var db = await first.Databases.CreateDbContextAsync();
            Assert.Equal(SchemaVersion.Migrations.Select(m => m.Id).Order(), (await db.Database.GetAppliedMigrationsAsync()).Order());
        }
        finally
        {
            await Task.WhenAll(hosts.Select(h => h.DisposeAsync().AsTask()));
        }
    }
}

using System.Diagnostics;
using System.Net;
using Gateway.Core.Keys;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Npgsql;

namespace Gateway.Tests.Storage;

/// <summary>What PostgreSQL does to those who use it: it restarts, runs out of connections, lets them wait.</summary>
public sealed class PostgresFaultsTests
{
    // Two seconds are promised; the machine of a test is busy.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task After_a_failover_the_first_calls_of_new_callers_pass_although_every_open_connection_is_broken()
    {
        using var server = await OwnPostgres.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = server.Url });
        var callers = new List<TestKey>();
        for (var i = 0; i < 20; i++)
        {
            callers.Add(await hub.AddCallerAsync());
        }
        Assert.All(await CallAtOnceAsync(hub, callers.Take(10)), status => Assert.Equal(HttpStatusCode.OK, status)); // opens many connections

        server.StopAtOnce();
        server.Start();

        Assert.All(await CallAtOnceAsync(hub, callers.Skip(10)), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task A_node_opens_no_more_connections_than_it_may_however_many_new_callers_come_at_once()
    {
        var url = (await PostgresServer.CreateDatabaseAsync()).Split('?')[0];
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["DATABASE_URL"] = url,
                ["DATABASE_CONNECTIONS"] = "5",
                ["DATABASE_WAIT_SECONDS"] = "20",
            }
        );
        var callers = new List<TestKey>();
        for (var i = 0; i < 40; i++)
        {
            callers.Add(await hub.AddCallerAsync());
        }
        await using var look = await OpenAsync(url);
        var most = 0L;
        var calls = CallAtOnceAsync(hub, callers);
        while (!calls.IsCompleted)
        {
            most = Math.Max(most, await ConnectionsAsync(look));
        }
        Assert.All(await calls, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(most, 1, 6); // and one that listens
    }

    [Fact]
    public async Task A_server_without_a_connection_to_spare_is_asked_again()
    {
        var tries = 0;
        var read = await DatabaseReads.RunAsync(() =>
            ++tries < 4
                ? throw new InvalidOperationException("", new PostgresException("too many", "FATAL", "FATAL", "53300"))
                : Task.FromResult("read")
        );
        Assert.Equal(("read", 4), (read, tries));
    }

    [Fact]
    public async Task A_fault_that_stays_is_thrown_after_a_few_tries_and_one_that_waited_long_at_once()
    {
        var tries = 0;
        await Assert.ThrowsAsync<NpgsqlException>(() =>
            DatabaseReads.RunAsync<int>(() =>
            {
                tries++;
                throw new NpgsqlException("broken", new IOException());
            })
        );
        Assert.Equal(5, tries);
        tries = 0;
        await Assert.ThrowsAsync<NpgsqlException>(() =>
            DatabaseReads.RunAsync<int>(() =>
            {
                tries++;
                throw new NpgsqlException("slow", new TimeoutException());
            })
        );
        Assert.Equal(1, tries);
        tries = 0;
        await Assert.ThrowsAsync<PostgresException>(() =>
            DatabaseReads.RunAsync<int>(() =>
            {
                tries++;
                throw new PostgresException("full", "ERROR", "ERROR", "53100");
            })
        );
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task A_table_that_answers_slowly_stalls_no_known_caller_and_a_new_one_not_for_long()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = url });
        await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat")));
        await using var other = await OpenAsync(url);
        await using var transaction = await other.BeginTransactionAsync();
        await using (var slow = new NpgsqlCommand("LOCK TABLE api_keys, ledger_entries, users IN ACCESS EXCLUSIVE MODE", other))
        {
            await slow.ExecuteNonQueryAsync();
        }
        using var unknown = hub.NewClient(ApiKeyText.Create().Text);
        var refused = unknown.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
        {
            using var known = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
            Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        }
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Soon);
        await (await refused).AssertRefusedAsync(503, "server_error", "quota_store_unavailable");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, 2 * Soon);
        await transaction.RollbackAsync();
        await Eventually.TrueAsync(
            async () => (await unknown.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode == HttpStatusCode.Unauthorized,
            "new callers are known again"
        );
    }

    private static Task<HttpStatusCode[]> CallAtOnceAsync(HubHost hub, IEnumerable<TestKey> callers) =>
        Task.WhenAll(
            callers.Select(async caller =>
            {
                using var client = hub.NewClient(caller.Text);
                using var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
                return answer.StatusCode;
            })
        );

    private static async Task<NpgsqlConnection> OpenAsync(string url)
    {
        var connection = new NpgsqlConnection(TestStore.ConnectionStringOf(url));
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<long> ConnectionsAsync(NpgsqlConnection connection)
    {
        await using var count = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                + "AND backend_type = 'client backend'",
            connection
        );
        return (long)(await count.ExecuteScalarAsync())!;
    }
}

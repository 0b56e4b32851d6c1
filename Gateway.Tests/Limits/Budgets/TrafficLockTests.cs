using Gateway.Hosting;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>Budgets live in the memory of one node: a second one must not serve traffic.</summary>
public sealed class TrafficLockTests
{
    [Fact]
    public async Task A_second_node_on_a_data_folder_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("hub-lock-");
        await using (await HubHost.StartAsync(folder: folder))
        {
            var fault = await Assert.ThrowsAsync<StartFailedException>(() => HubHost.StartAsync(folder: folder));
            Assert.Contains("DATA_DIR", fault.Message, StringComparison.Ordinal);
        }
        await using (await HubHost.StartAsync(folder: folder)) { }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_stop_gives_the_lock_back_without_a_word()
    {
        var settings = new Dictionary<string, string> { ["DATABASE_URL"] = await PostgresServer.CreateDatabaseAsync() };
        using var log = new LogWatch();
        await using (await HubHost.StartAsync(TestDatabase.Postgres, settings, configure: builder => builder.Logging.AddProvider(log))) { }
        Assert.False(log.Has("that this node has locked"));
        await using var next = await HubHost.StartAsync(TestDatabase.Postgres, settings);
    }

    [Fact]
    public async Task A_second_traffic_node_on_a_database_is_refused_until_the_first_has_gone()
    {
        var settings = new Dictionary<string, string> { ["DATABASE_URL"] = await PostgresServer.CreateDatabaseAsync() };
        await using (await HubHost.StartAsync(TestDatabase.Postgres, settings))
        {
            var fault = await Assert.ThrowsAsync<StartFailedException>(() => HubHost.StartAsync(TestDatabase.Postgres, settings));
            Assert.Contains("HUB_ROLE=admin", fault.Message, StringComparison.Ordinal);
            await using var admin = await HubHost.StartAsync(
                TestDatabase.Postgres,
                new Dictionary<string, string>(settings) { ["HUB_ROLE"] = "admin" }
            );
        }
        await using var next = await HubHost.StartAsync(TestDatabase.Postgres, settings);
    }
}

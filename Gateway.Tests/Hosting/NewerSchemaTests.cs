using System.Net;
using Gateway.Core.Storage;
using Gateway.Hosting;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Tests.Hosting;

/// <summary>
/// A node of the release before on the database of the next one, as in a rolling restart: what was added is in nobody's way, whether the
/// node runs or starts.
/// </summary>
public sealed class NewerSchemaTests
{
    private const string Later = "29991231235900_Later";

    [Theory, BothDatabases]
    public async Task A_node_that_runs_goes_on_when_tables_and_columns_are_added(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        using var before = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        await ExtendAsync(hub, Later);
        using var plain = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        using var stream = await hub.Client.ChatAsync(InferenceCalls.Stream("sandbox-chat"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.StatusCode, stream.StatusCode));
        var caller = await hub.AddCallerAsync(); // an admin's change, too
        using var added = hub.NewClient(caller.Text);
        using var another = await added.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(HttpStatusCode.OK, another.StatusCode);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await hub.Databases.CreateDbContextAsync();
                return await db.LedgerEntries.CountAsync() == 4;
            },
            "all calls are in the ledger"
        );
    }

    [Theory, BothDatabases]
    public async Task A_node_starts_on_a_schema_to_which_a_newer_release_only_added(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-newer-");
        var settings = await TestDatabases.SettingsAsync(database);
        await using (var newer = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            await ExtendAsync(newer, Later);
        }
        await using (var hub = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            var caller = await hub.AddCallerAsync();
            using var client = hub.NewClient(caller.Text);
            using var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await hub.Anonymous.GetAsync("/health/ready")).StatusCode);
        }
        folder.Delete(recursive: true);
    }

    [Theory, BothDatabases]
    public async Task A_node_does_not_start_on_a_schema_from_which_a_newer_release_took_something(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-newer-");
        var settings = await TestDatabases.SettingsAsync(database);
        await using (var newer = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            await ExtendAsync(newer, Later + SchemaVersion.Breaking);
        }
        var fault = await Assert.ThrowsAsync<StartFailedException>(() => HubHost.StartAsync(settings: settings, folder: folder));
        Assert.Contains(Later, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Start the newer release", fault.Message, StringComparison.Ordinal);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    // What a migration of the next release may do: a table, and a column in each table that there is.
    private static async Task ExtendAsync(HubHost hub, string migration)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        var tables = db.Model.GetRelationalModel().Tables.Select(t => t.Name).ToList();
        var quoted = db.Database.ProviderName!.Contains("MySql", StringComparison.Ordinal) ? '`' : '"';
        List<string> steps =
        [
            .. tables.Select(t => $"ALTER TABLE {t} ADD COLUMN later_nullable bigint"),
            .. tables.Select(t => $"ALTER TABLE {t} ADD COLUMN later_default bigint NOT NULL DEFAULT 7"),
            "CREATE TABLE later (id bigint NOT NULL PRIMARY KEY)",
            $"INSERT INTO {quoted}{HistoryRepository.DefaultTableName}{quoted} ({quoted}MigrationId{quoted}, {quoted}ProductVersion{quoted}) "
                + $"VALUES ('{migration}', '10.0.0')",
        ];
        foreach (var step in steps)
        {
            await db.Database.ExecuteSqlRawAsync(step);
        }
    }
}

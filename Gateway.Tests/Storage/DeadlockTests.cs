using System.Data.Common;
using System.Globalization;
using Gateway.Core.Storage;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>
/// Two transactions wait for one another: the change holds its row and waits for the revision, the test's holds the revision and waits for
/// the row. The database ends the change; the test's transaction goes through.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class DeadlockTests(AdminHubs hubs)
{
    /// <summary>The databases that lock rows; SQLite has one writer at a time.</summary>
    public static TheoryData<TestDatabase> Servers => [.. TestDatabases.All.Where(database => database != TestDatabase.Sqlite)];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_change_that_is_ended_for_another_one_is_made_after_it(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var id = (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { name = "Before" })).Body.Text("data.id");

        await using var db = await hub.Host.Databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await BeStrongerAsync(db, database);
        await db.PolicyRevisions.ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision));
        var change = hub.Admin.Client.SendAsync("PATCH", $"/admin/teams/{id}", new { name = "After" });
        await Eventually.TrueAsync(async () => await IsWaitedForAsync(hub, database), "the change waits");
        await db.Teams.Where(t => t.Id == id).ExecuteUpdateAsync(set => set.SetProperty(t => t.Description, "of the other one"));
        await transaction.CommitAsync();

        (await change).Is(200);
        var team = (await hub.Admin.Client.ReadAsync($"/admin/teams/{id}")).Body;
        Assert.Equal(("After", "of the other one"), (team.Text("data.name"), team.Text("data.description")));
    }

    // PostgreSQL ends the one that looks first, InnoDB the one that has changed less.
    private static Task BeStrongerAsync(HubDbContext db, TestDatabase database) =>
        database == TestDatabase.Postgres
            ? db.Database.ExecuteSqlRawAsync("SET LOCAL deadlock_timeout = '1min'")
            : db.Settings.ExecuteUpdateAsync(set => set.SetProperty(s => s.Description, s => s.Description + " "));

    private static async Task<bool> IsWaitedForAsync(AdminHub hub, TestDatabase database) =>
        await NumberAsync(
            hub,
            database == TestDatabase.Postgres
                ? "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                // The table is filled anew only for who has not read it for a tenth of a second
                : "DO SLEEP(0.2); SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
        ) > 0;

    private static async Task<long> NumberAsync(AdminHub hub, string query)
    {
        await using var db = await hub.Host.Databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}

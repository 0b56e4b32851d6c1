using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>What SQLite remembers of its tables must not turn lookups into readings of whole tables.</summary>
public sealed class PlannerTests
{
    [Fact]
    public async Task A_key_is_found_by_its_index_although_the_tables_were_nearly_empty_when_they_were_sampled()
    {
        await using var hub = await HubHost.StartAsync(); // samples at its start, with one user in the database
        await using var db = await hub.Databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText =
            "EXPLAIN QUERY PLAN SELECT * FROM api_keys AS k JOIN users AS u ON k.user_id = u.id JOIN tiers AS t ON u.tier_id = t.id "
            + "WHERE k.public_id = 'x' LIMIT 1";
        await using var reader = await command.ExecuteReaderAsync();
        List<string> steps = [];
        while (await reader.ReadAsync())
        {
            steps.Add(reader.GetString(3));
        }
        Assert.Equal(3, steps.Count);
        Assert.All(steps, step => Assert.StartsWith("SEARCH", step, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Large_tables_are_sampled_but_no_index_that_would_be_read_whole()
    {
        await using var hub = await HubHost.StartAsync();
        await using var db = await hub.Databases.CreateDbContextAsync();
        await AddSessionsAsync(db, 20_000);

        await MaintainAsync(hub);

        var sampled = await db.Database.SqlQueryRaw<string>("SELECT idx AS Value FROM sqlite_stat1 WHERE tbl = 'sessions'").ToListAsync();
        Assert.Equal(["ix_sessions_user_id"], sampled);
    }

    [Theory]
    [InlineData(30_000, false)]
    [InlineData(90_000, true)]
    public async Task A_table_is_sampled_again_when_it_has_grown_much(int more, bool isSampled)
    {
        await using var hub = await HubHost.StartAsync();
        await using var db = await hub.Databases.CreateDbContextAsync();
        await AddSessionsAsync(db, 20_000);
        await MaintainAsync(hub);
        await db.Database.ExecuteSqlRawAsync("UPDATE sqlite_stat1 SET stat = '20000 7' WHERE tbl = 'sessions'");
        await AddSessionsAsync(db, more);

        await MaintainAsync(hub);

        var stat = await db.Database.SqlQueryRaw<string>("SELECT stat AS Value FROM sqlite_stat1 WHERE tbl = 'sessions'").ToListAsync();
        Assert.Equal(isSampled, stat is not ["20000 7"]);
    }

    private static async Task MaintainAsync(HubHost hub)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        await hub.Services.GetRequiredService<StoreProvider>().MaintainAsync(db, CancellationToken.None);
    }

    private static Task AddSessionsAsync(HubDbContext db, int count) =>
        db.Database.ExecuteSqlRawAsync(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
            INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
            SELECT hex(randomblob(16)), (SELECT id FROM users LIMIT 1), '2026-01-01', '2026-01-01', '2026-01-01' FROM n
            """,
            count
        );
}

using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>SQLite's write-ahead log does not grow without an end.</summary>
public sealed class SqliteLogTests
{
    [Fact]
    public async Task A_log_that_is_too_long_is_copied_into_the_database_and_cut()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.Sqlite);
        await AddAsync(store, "a");
        var sqlite = (SqliteStore)store.Provider;
        Assert.True(LogBytes(store) > 0);

        sqlite.KeepLogShort(longestBytes: long.MaxValue);
        Assert.True(LogBytes(store) > 0);
        sqlite.KeepLogShort(longestBytes: 0);
        Assert.Equal(0, LogBytes(store));

        await using var db = store.CreateDbContext();
        Assert.Equal("a", (await db.Teams.SingleAsync(t => t.Id == "a")).Name);
    }

    private static async Task AddAsync(TestStore store, string id)
    {
        await using var db = store.CreateDbContext();
        db.Teams.Add(
            new Team
            {
                Id = id,
                Name = id,
                CreatedAt = DateTime.UnixEpoch,
                UpdatedAt = DateTime.UnixEpoch,
            }
        );
        await db.SaveChangesAsync();
    }

    private static long LogBytes(TestStore store)
    {
        using var db = store.CreateDbContext();
        return new FileInfo(
            new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource + "-wal"
        ).Length;
    }
}

using System.Data;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;

namespace Gateway.Tests.MySql;

/// <summary>
/// What a server with other defaults must not change: how texts are compared, what a transaction sees, which rows were new.
/// </summary>
public sealed class MySqlStoreTests
{
    [Fact]
    public async Task Texts_are_compared_byte_by_byte_with_their_blanks()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        await using var db = store.CreateDbContext();
        db.Teams.AddRange(NewTeam("R5"), NewTeam("r5"), NewTeam("r5 "), NewTeam("ä"), NewTeam("a"));
        await db.SaveChangesAsync();
        Assert.Equal("r5", (await db.Teams.AsNoTracking().SingleAsync(t => t.Id == "r5")).Name);
        Assert.Equal(5, await db.Teams.CountAsync());
    }

    [Fact]
    public async Task A_transaction_reads_what_others_have_committed()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        await using var db = store.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        Assert.Equal(0, await db.Teams.CountAsync());
        await using (var other = store.CreateDbContext())
        {
            other.Teams.Add(NewTeam("a"));
            await other.SaveChangesAsync();
        }
        Assert.Equal(1, await db.Teams.CountAsync());
    }

    [Fact]
    public async Task A_snapshot_stays_as_it_was()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        await using var db = store.CreateDbContext();
        await db.Database.OpenConnectionAsync();
        await using var snapshot = await store.Provider.BeginSnapshotAsync(db.Database.GetDbConnection(), CancellationToken.None);
        await db.Database.UseTransactionAsync(snapshot);
        await using (var other = store.CreateDbContext())
        {
            other.Teams.Add(NewTeam("a"));
            await other.SaveChangesAsync();
        }
        Assert.Equal(0, await db.Teams.CountAsync());
    }

    [Fact]
    public async Task Of_rows_that_are_inserted_the_new_ones_are_told_also_when_somebody_else_inserts_them_too()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        var ids = Enumerable.Range(0, 350).Select(i => $"team-{i:000}").ToList();
        var told = await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() => InsertAsync(store, ids.Skip(writer * 50)))));
        Assert.Equal(ids, told.SelectMany(t => t).Order());
    }

    [Fact]
    public async Task A_row_that_breaks_another_rule_is_a_fault_and_not_passed_over()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        await using var db = store.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await InsertTierAsync("1", "free");
        var fault = await Assert.ThrowsAsync<MySqlException>(() => InsertTierAsync("2", "free"));
        Assert.True(store.Provider.IsUniqueViolation(fault));

        Task InsertTierAsync(string id, string key) =>
            store.Provider.InsertNewAsync(
                transaction.GetDbTransaction(),
                "tiers",
                ["id", "name", "name_key", "is_free", "price_nano_usd", "fail_open", "created_at", "updated_at"],
                "id",
                [
                    [id, key, key, true, 0L, false, DateTime.UnixEpoch, DateTime.UnixEpoch],
                ],
                CancellationToken.None
            );
    }

    [Fact]
    public async Task Rows_larger_together_than_a_statement_may_be_are_written()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        await using var db = store.CreateDbContext();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await store.Provider.WriteRowsAsync(
                transaction.GetDbTransaction(),
                values => "INSERT INTO teams (id, name, description, created_at, updated_at) VALUES " + values,
                Enumerable
                    .Range(0, 60)
                    .Select(i => new object?[] { $"{i}", "large", new string('\'', 400_000), DateTime.UnixEpoch, DateTime.UnixEpoch }),
                CancellationToken.None
            );
            await transaction.CommitAsync();
        }
        Assert.Equal(60, await db.Teams.CountAsync(t => t.Description!.Length == 400_000));
    }

    [Fact]
    public async Task A_connection_that_the_server_ended_is_replaced()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        await using (var db = store.CreateDbContext())
        {
            await db.Database.OpenConnectionAsync();
            var id = ((MySqlConnection)db.Database.GetDbConnection()).ServerThread;
            await db.Database.CloseConnectionAsync();
            await MariaDbServer.ExecuteAsync($"KILL {id}");
        }
        await using var next = store.CreateDbContext();
        Assert.Equal(0, await next.Teams.CountAsync());
    }

    [Fact]
    public async Task Two_transactions_that_wait_for_each_other_are_a_fault_that_passes()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.MySql);
        await using (var db = store.CreateDbContext())
        {
            db.Teams.AddRange(NewTeam("a"), NewTeam("b"));
            await db.SaveChangesAsync();
        }
        using var barrier = new Barrier(2);
        var faults = await Task.WhenAll(Task.Run(() => UpdateAsync("a", "b")), Task.Run(() => UpdateAsync("b", "a")));
        Assert.True(DatabaseFaults.IsAway(Assert.Single(faults, f => f is not null)));

        async Task<Exception?> UpdateAsync(params string[] ids)
        {
            await using var db = store.CreateDbContext();
            await using var transaction = await db.Database.BeginTransactionAsync();
            try
            {
                await db.Teams.Where(t => t.Id == ids[0]).ExecuteUpdateAsync(s => s.SetProperty(t => t.Name, "x"));
                barrier.SignalAndWait();
                await db.Teams.Where(t => t.Id == ids[1]).ExecuteUpdateAsync(s => s.SetProperty(t => t.Name, "x"));
                await transaction.CommitAsync();
                return null;
            }
            catch (Exception fault) when (fault is MySqlException or InvalidOperationException)
            {
                return fault;
            }
        }
    }

    [Fact]
    public async Task Tables_that_compare_otherwise_are_refused()
    {
        var url = await MariaDbServer.CreateDatabaseAsync();
        var name = new Uri(url).AbsolutePath.Trim('/');
        await MariaDbServer.ExecuteAsync($"CREATE TABLE {name}.users (id varchar(36) COLLATE latin1_swedish_ci PRIMARY KEY)");
        Assert.True(DatabaseUrl.TryParse(url, out var parsed));
        var fault = Assert.Throws<InvalidDataException>(StoreProvider.For(parsed).Prepare);
        Assert.Contains("compare texts by latin1_swedish_ci", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> InsertAsync(TestStore store, IEnumerable<string> ids)
    {
        while (true)
        {
            await using var db = store.CreateDbContext();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            try
            {
                var inserted = await store.Provider.InsertNewAsync(
                    transaction.GetDbTransaction(),
                    "teams",
                    ["id", "name", "description", "created_at", "updated_at"],
                    "id",
                    ids.Select(id => new object?[] { id, id, null, DateTime.UnixEpoch, DateTime.UnixEpoch }),
                    CancellationToken.None
                );
                await transaction.CommitAsync();
                return inserted;
            }
            catch (MySqlException fault) when (DatabaseFaults.IsAway(fault))
            {
                // a deadlock: tried again, as the writer of the ledger does
            }
        }
    }

    private static Team NewTeam(string id) =>
        new()
        {
            Id = id,
            Name = id,
            CreatedAt = DateTime.UnixEpoch,
            UpdatedAt = DateTime.UnixEpoch,
        };
}

using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>The counts of long lists are what a count of the rows would be, whatever a transaction did and however it ended.</summary>
public sealed class RowCountTests
{
    private static readonly DateTime Day = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task A_row_is_counted_when_it_is_made_moved_when_it_changes_and_no_more_when_it_is_gone(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        var (first, second) = (Payment(Day.AddHours(3), "pending"), Payment(Day.AddHours(30), "completed"));
        db.AddRange(first, second, Entry("auth.login"));
        await db.SaveChangesAsync();
        Assert.Equal(
            [
                ("audit_log", Day, "auth.login", "user", 1L),
                ("transactions", Day, "deposit", "pending", 1L),
                ("transactions", Day.AddDays(1), "deposit", "completed", 1L),
            ],
            await CountsAsync(store)
        );

        first.Status = "completed";
        second.Description = "said later";
        await db.SaveChangesAsync();
        db.Remove(second);
        await db.SaveChangesAsync();
        Assert.Equal(
            [("audit_log", Day, "auth.login", "user", 1L), ("transactions", Day, "deposit", "completed", 1L)],
            await CountsAsync(store)
        );
    }

    [Theory, BothDatabases]
    public async Task What_was_saved_in_steps_is_counted_once_at_the_commit(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        db.Add(Entry("auth.login"));
        await db.SaveChangesAsync();
        db.Add(Entry("auth.login"));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        Assert.Equal([("audit_log", Day, "auth.login", "user", 2L)], await CountsAsync(store));
    }

    [Theory, BothDatabases]
    public async Task What_was_rolled_back_was_never_counted_even_when_the_context_goes_on(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        await using (await db.Database.BeginTransactionAsync())
        {
            db.Add(Entry("auth.login"));
            await db.SaveChangesAsync();
        }
        db.ChangeTracker.Clear();
        db.Add(Entry("auth.logout"));
        await db.SaveChangesAsync();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await transaction.CommitAsync();
        }
        Assert.Equal([("audit_log", Day, "auth.logout", "user", 1L)], await CountsAsync(store));
    }

    [Theory, BothDatabases]
    public async Task A_save_that_failed_is_not_counted(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        var entry = Entry("auth.login");
        db.Add(entry);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        db.AddRange(
            Entry("auth.logout"),
            new AuditEntry
            {
                Id = entry.Id,
                Action = "auth.login",
                EntityType = "user",
                EntityId = "u",
                CreatedAt = Day,
            }
        );
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        db.ChangeTracker.Clear();
        db.Add(Entry("user.updated"));
        await db.SaveChangesAsync();
        Assert.Equal(
            [("audit_log", Day, "auth.login", "user", 1L), ("audit_log", Day, "user.updated", "user", 1L)],
            await CountsAsync(store)
        );
    }

    [Theory, BothDatabases]
    public async Task Parallel_writers_of_many_kinds_neither_lose_a_row_nor_wait_for_each_other_for_ever(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < 10; i++)
                        {
                            await using var db = store.CreateDbContext();
                            await using var transaction = await db.Database.BeginTransactionAsync();
                            var kinds = writer % 2 == 0 ? new[] { "a", "b", "c" } : ["c", "b", "a"];
                            foreach (var kind in kinds)
                            {
                                db.Add(Entry(kind));
                                await db.SaveChangesAsync();
                            }
                            await transaction.CommitAsync();
                        }
                    })
                )
        );
        Assert.Equal(
            [("audit_log", Day, "a", "user", 80L), ("audit_log", Day, "b", "user", 80L), ("audit_log", Day, "c", "user", 80L)],
            await CountsAsync(store)
        );
    }

    private static AuditEntry Entry(string action) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Action = action,
            EntityType = "user",
            EntityId = "u",
            CreatedAt = Day.AddHours(5),
        };

    private static TransactionRow Payment(DateTime time, string status) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = "u",
            Type = "deposit",
            AmountNanoUsd = 1,
            Status = status,
            CreatedAt = time,
        };

    private static async Task<List<(string, DateTime, string, string, long)>> CountsAsync(TestStore store)
    {
        await using var db = store.CreateDbContext();
        var counts = await db.RowCounts.AsNoTracking().Where(c => c.Entries != 0).ToListAsync();
        return [.. counts.Select(c => (c.List, c.Day, c.Kind, c.Detail, c.Entries)).Order()];
    }
}

using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;

namespace Gateway.Tests.Policy;

public sealed class ChangeFeedTests
{
    [Theory, BothDatabases]
    public async Task Changes_are_handed_out_once_and_in_their_order(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await AppendAsync(store, "before");
        var consumer = new Consumer();
        var feed = NewFeed(store, consumer);
        await feed.StartAsync(CancellationToken.None);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await AppendAsync(store, id);
        }
        await feed.CatchUpAsync(CancellationToken.None);
        await feed.CatchUpAsync(CancellationToken.None);
        Assert.Equal(["a", "b", "c"], consumer.Seen);
        Assert.Equal(1, consumer.Resets);
    }

    [Theory, BothDatabases]
    public async Task Parallel_changes_on_several_nodes_are_all_seen(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        var consumer = new Consumer();
        var feed = NewFeed(store, consumer);
        await feed.StartAsync(CancellationToken.None);
        var writers = Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(w =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < 5; i++)
                        {
                            await AppendAsync(store, $"{w}-{i}");
                        }
                    })
                )
        );
        while (!writers.IsCompleted)
        {
            await feed.CatchUpAsync(CancellationToken.None);
        }
        await writers;
        await feed.CatchUpAsync(CancellationToken.None);
        Assert.Equal(40, consumer.Seen.Count);
        Assert.Equal(40, consumer.Seen.Distinct().Count());
    }

    [Fact]
    public async Task After_a_fault_the_same_changes_are_handed_out_again()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.Sqlite);
        var consumer = new Consumer();
        var feed = NewFeed(store, consumer);
        await feed.StartAsync(CancellationToken.None);
        await AppendAsync(store, "a");
        consumer.Fails = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => feed.CatchUpAsync(CancellationToken.None));
        consumer.Fails = false;
        await feed.CatchUpAsync(CancellationToken.None);
        Assert.Equal(["a"], consumer.Seen);
    }

    [Fact]
    public async Task A_change_outside_a_transaction_is_refused()
    {
        using var store = await TestStore.CreateAsync(TestDatabase.Sqlite);
        await using var db = store.CreateDbContext();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ChangeLog.AppendAsync(db, ChangedEntities.User, "a", null, TimeProvider.System, CancellationToken.None)
        );
    }

    private static ChangeFeed NewFeed(TestStore store, Consumer consumer) => new(store, [consumer], TimeProvider.System);

    private static async Task AppendAsync(TestStore store, string id)
    {
        await using var db = store.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await ChangeLog.AppendAsync(db, ChangedEntities.User, id, null, TimeProvider.System, CancellationToken.None);
        await transaction.CommitAsync();
    }

    private sealed class Consumer : IChangeConsumer
    {
        public List<string> Seen { get; } = [];

        public int Resets { get; private set; }

        public bool Fails { get; set; }

        public Task ResetAsync(CancellationToken cancellationToken)
        {
            Resets++;
            return Task.CompletedTask;
        }

        public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                throw new InvalidOperationException("a fault");
            }
            Seen.AddRange(changes.Select(c => c.EntityId));
            return Task.CompletedTask;
        }
    }
}

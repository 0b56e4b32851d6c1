using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

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

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_feed_goes_on_after_a_fault_of_any_kind(bool cancelled)
    {
        using var store = await TestStore.CreateAsync(TestDatabase.Sqlite);
        var consumer = new Consumer { FailsAsCancelled = cancelled };
        var feed = NewFeed(store, consumer);
        await feed.StartAsync(CancellationToken.None);
        consumer.Fails = true;
        using var stop = new CancellationTokenSource();
        var running = feed.RunAsync(stop.Token);
        await AppendAsync(store, "a");
        await Eventually.TrueAsync(() => Task.FromResult(consumer.Faults > 1), "it failed more than once");
        consumer.Fails = false;
        await Eventually.TrueAsync(() => Task.FromResult(consumer.Seen.Count == 1), "the change is seen");
        await stop.CancelAsync();
        await Task.WhenAny(running); // it returns, or is cancelled while it waits
        Assert.False(running.IsFaulted);
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

    private static ChangeFeed NewFeed(TestStore store, Consumer consumer)
    {
        HubOptionsReader.Read(_ => null, name => name == "CHANGE_POLL_MS" ? "10" : null, isDevelopment: true, out var options);
        return new ChangeFeed(store, [consumer], options, TimeProvider.System, NullLogger<ChangeFeed>.Instance);
    }

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

        public int Faults { get; private set; }

        public bool Fails { get; set; }

        public bool FailsAsCancelled { get; init; }

        public Task ResetAsync(CancellationToken cancellationToken)
        {
            Resets++;
            return Task.CompletedTask;
        }

        public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                Faults++;
                throw FailsAsCancelled ? new OperationCanceledException("a timeout") : new InvalidOperationException("a fault");
            }
            Seen.AddRange(changes.Select(c => c.EntityId));
            return Task.CompletedTask;
        }
    }
}

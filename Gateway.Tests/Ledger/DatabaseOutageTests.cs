using System.Collections.Concurrent;
using System.Net;
using Gateway.Core.Ledger;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>
/// The database goes away under load and comes back: known callers go on, new ones are refused, and every answered call is in the ledger
/// once.
/// </summary>
public sealed class DatabaseOutageTests
{
    private const long Wide = 1_000_000_000_000;

    private static readonly TimeSpan Locked = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_PostgreSQL_that_crashes_and_comes_back_loses_nothing()
    {
        using var server = await OwnPostgres.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = server.Url });
        await using var load = await Load.StartAsync(hub);
        var stranger = await hub.AddCallerAsync();
        using var unknown = hub.NewClient(stranger.Text);
        await load.PassesAsync(20);

        server.StopAtOnce();
        await (await unknown.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).AssertRefusedAsync(
            503,
            "server_error",
            "quota_store_unavailable"
        );
        await load.PassesAsync(20);
        await Eventually.TrueAsync(
            async () => (await hub.Anonymous.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable,
            "the node says that it is not ready"
        );

        server.Start();
        await Eventually.TrueAsync(
            async () => (await unknown.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode == HttpStatusCode.OK,
            "new callers pass again"
        );
        await Eventually.TrueAsync(
            async () => (await load.Budgeted.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode == HttpStatusCode.OK,
            "calls on budgets pass again"
        );
        await load.PassesAsync(20);
        await AssertNothingLostAsync(hub, await load.StopAsync());
    }

    [Fact]
    public async Task An_SQLite_file_that_somebody_locks_loses_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("hub-locked-");
        await using (var hub = await HubHost.StartAsync(folder: folder))
        {
            await using var load = await Load.StartAsync(hub);
            var stranger = await hub.AddCallerAsync();
            await hub.AddKeyBudgetAsync(stranger, Wide);
            using var unknown = hub.NewClient(stranger.Text);
            await load.PassesAsync(20);

            await using (var other = new SqliteConnection($"Data Source={folder.FullName}/hub.db;Pooling=False"))
            {
                await other.OpenAsync();
                await using var held = other.BeginTransaction(deferred: false);
                var begin = DateTime.UtcNow;
                await load.PassesAsync(40);
                // SQLite's writers keep no reader away, so that a caller never seen before is no stranger.
                Assert.Equal(HttpStatusCode.OK, (await unknown.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode);
                await Eventually.TrueAsync(
                    async () => (await hub.Anonymous.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable,
                    "the node says that it is not ready"
                );
                while (DateTime.UtcNow - begin < Locked)
                {
                    await Task.Delay(100);
                }
            }
            await load.PassesAsync(20);
            await AssertNothingLostAsync(hub, await load.StopAsync());
            await Eventually.TrueAsync(
                async () => (await hub.Anonymous.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK,
                "the node is ready again"
            );
            Assert.Equal(HttpStatusCode.OK, (await unknown.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode);
        }
        folder.Delete(recursive: true);
    }

    private static async Task AssertNothingLostAsync(HubHost hub, IReadOnlyCollection<string> answered)
    {
        await Eventually.TrueAsync(() => Task.FromResult(hub.Services.GetRequiredService<UsageQueue>().IsWritten), "all is written");
        await using var db = await hub.Databases.CreateDbContextAsync();
        var rows = (await db.UsageRecords.AsNoTracking().Select(r => new { r.Id, r.TotalCostNanoUsd }).ToListAsync()).ToDictionary(
            r => r.Id,
            r => r.TotalCostNanoUsd
        );
        Assert.All(answered, id => Assert.True(rows.GetValueOrDefault(id) > 0, $"{id} is not charged."));
        Assert.Equal(0, (await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
    }

    /// <summary>Clients of two known callers, one of them on a budget, who call until they are stopped.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private const int Clients = 4;

        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<string> _answered = new();
        private readonly HttpClient _free;
        private Task _running = Task.CompletedTask;

        private Load(HttpClient budgeted, HttpClient free) => (Budgeted, _free) = (budgeted, free);

        public HttpClient Budgeted { get; }

        public static async Task<Load> StartAsync(HubHost hub)
        {
            var caller = await hub.AddCallerAsync();
            await hub.AddKeyBudgetAsync(caller, Wide);
            var load = new Load(hub.NewClient(caller.Text), hub.NewClient((await hub.AddCallerAsync()).Text));
            load._running = Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(() => load.RunAsync(i))));
            return load;
        }

        /// <summary>Returns when so many more calls were answered.</summary>
        public Task PassesAsync(int calls)
        {
            var goal = _answered.Count + calls;
            return Eventually.TrueAsync(() => Task.FromResult(_answered.Count >= goal), $"{calls} more calls are answered");
        }

        /// <summary>The ids of all answered calls.</summary>
        public async Task<IReadOnlyCollection<string>> StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
            return _answered;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
            Budgeted.Dispose();
            _free.Dispose();
        }

        private async Task RunAsync(int number)
        {
            for (var round = number; !_stop.IsCancellationRequested; round++)
            {
                using var answer = await (round % 2 == 0 ? Budgeted : _free).ChatAsync(
                    round % 3 == 0 ? InferenceCalls.Stream("gpt-4o-mini") : InferenceCalls.Chat("gpt-4o-mini")
                );
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    _answered.Enqueue(answer.RequestId());
                }
                else
                {
                    await Task.Delay(20);
                }
            }
        }
    }
}

using System.Net;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>
/// The database goes away: who has accounts in memory goes on, who has none waits, unless the tier says that calls pass. When it is back,
/// every sum is right.
/// </summary>
public sealed class StoreAwayTests
{
    private const long Cost = (5 * 2_000) + (8 * 11_000);
    private const long Enough = 1_000_000_000;
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Accounts_in_memory_go_on_and_others_are_refused_unless_their_tier_fails_open()
    {
        await using var away = await Away.StartAsync();
        var (known, knownClient) = await away.CallerAsync();
        var (unknown, unknownClient) = await away.CallerAsync();
        var (open, openClient) = await away.CallerAsync();
        await away.Hub.AddTierAsync(open, t => t.FailOpen = true);
        foreach (var caller in new[] { known, unknown, open })
        {
            await away.Hub.AddKeyBudgetAsync(caller, Enough);
            await away.Hub.AddKeyRateLimitAsync(caller, l => l.RequestsPerDay = 100);
        }
        Assert.Equal(HttpStatusCode.OK, (await knownClient.ChatAsync(Hello)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await unknownClient.GetAsync("/v1/models")).StatusCode); // the caller is known, its money is not
        Assert.Equal(HttpStatusCode.OK, (await openClient.GetAsync("/v1/models")).StatusCode);

        away.Cut();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await knownClient.ChatAsync(Hello)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await openClient.ChatAsync(Hello)).StatusCode);
            await (await unknownClient.ChatAsync(Hello)).AssertRefusedAsync(503, "server_error", "quota_store_unavailable");
        }

        away.Mend();
        Assert.Equal((4 * Cost, 4L), await away.SpentAsync(knownClient));
        Assert.Equal((3 * Cost, 3L), await away.SpentAsync(openClient));
        Assert.Equal((0L, 0L), await away.SpentAsync(unknownClient));
        Assert.Equal(HttpStatusCode.OK, (await unknownClient.ChatAsync(Hello)).StatusCode);
    }

    [Fact]
    public async Task A_limit_of_rates_alone_fails_as_money_does()
    {
        await using var away = await Away.StartAsync();
        var (closed, closedClient) = await away.CallerAsync();
        var (open, openClient) = await away.CallerAsync();
        await away.Hub.AddTierAsync(open, t => t.FailOpen = true);
        await away.Hub.AddKeyRateLimitAsync(closed, l => l.RequestsPerDay = 100);
        await away.Hub.AddKeyRateLimitAsync(open, l => l.RequestsPerDay = 100);
        await closedClient.GetAsync("/v1/models");
        await openClient.GetAsync("/v1/models");
        away.Cut();
        await (await closedClient.ChatAsync(Hello)).AssertRefusedAsync(503, "server_error", "quota_store_unavailable");
        Assert.Equal(HttpStatusCode.OK, (await openClient.ChatAsync(Hello)).StatusCode);
    }

    [Fact]
    public async Task A_balance_in_memory_is_exact_after_the_database_was_away()
    {
        await using var away = await Away.StartAsync(new Dictionary<string, string> { ["BILLING_MODE"] = "prepaid" });
        var (caller, client) = await away.CallerAsync();
        await away.Hub.DepositAsync(caller, 10_000_000);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        away.Cut();
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        await away.WriterFailedAsync();
        away.Mend();
        await away.StoredBalanceAsync(caller, 10_000_000 - (3 * Cost));
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode); // the gateway still stands, and still writes
        await away.StoredBalanceAsync(caller, 10_000_000 - (4 * Cost));
        Assert.Equal(10_000_000 - (4 * Cost), (await client.AtRestAsync()).Balance!.Remaining);
    }

    [Fact]
    public async Task A_balance_that_was_passed_over_is_charged_all_the_same_when_the_database_is_back()
    {
        await using var away = await Away.StartAsync(new Dictionary<string, string> { ["BILLING_MODE"] = "prepaid" });
        var (caller, client) = await away.CallerAsync();
        await away.Hub.AddTierAsync(caller, t => t.FailOpen = true);
        await away.Hub.DepositAsync(caller, 10_000_000);
        await client.GetAsync("/v1/models");
        away.Cut();
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        await away.WriterFailedAsync();
        away.Mend();
        await away.StoredBalanceAsync(caller, 10_000_000 - (2 * Cost));
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        // The third call may have met a connection that broke with the outage, and passed as the others did: then its charge shows when it
        // is written.
        await Eventually.TrueAsync(
            async () => (await client.AtRestAsync()).Balance!.Remaining == 10_000_000 - (3 * Cost),
            "all three are charged"
        );
    }

    [Fact]
    public async Task A_budget_that_was_passed_over_counts_the_call_beside_what_was_spent_before()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        TestKey caller;
        await using (var first = await Away.StartAsync(url: url))
        {
            (caller, var client) = await first.CallerAsync();
            await first.Hub.AddTierAsync(caller, t => t.FailOpen = true);
            await first.Hub.AddKeyBudgetAsync(caller, Enough);
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        }
        await using (var second = await Away.StartAsync(url: url))
        {
            using var client = second.Hub.NewClient(caller.Text);
            await client.GetAsync("/v1/models");
            second.Cut();
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
            second.Mend();
            await Eventually.TrueAsync(async () => (await client.GetAsync("/v1/key")).IsSuccessStatusCode, "the database is back");
            Assert.Equal(2 * Cost, (await client.AtRestAsync()).Budgets.Single().Used);
        }
    }

    // A gateway whose way to its database can be cut.
    private sealed class Away : IAsyncDisposable
    {
        private readonly TcpRelay _wire;
        private readonly LogWatch _log;

        private Away(TcpRelay wire, LogWatch log, HubHost hub)
        {
            _wire = wire;
            _log = log;
            Hub = hub;
        }

        public HubHost Hub { get; }

        public static async Task<Away> StartAsync(Dictionary<string, string>? settings = null, string? url = null)
        {
            var target = new Uri(url ?? await PostgresServer.CreateDatabaseAsync());
            var wire = new TcpRelay(target.Port);
            var address = target.ToString().Replace($":{target.Port}/", $":{wire.Port}/", StringComparison.Ordinal);
            var log = new LogWatch();
            var hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string>(settings ?? []) { ["DATABASE_URL"] = address },
                configure: b => b.Logging.AddProvider(log)
            );
            return new Away(wire, log, hub);
        }

        public void Cut() => _wire.Cut();

        public void Mend() => _wire.Mend();

        // Calls have been tried to be written, in vain.
        public Task WriterFailedAsync() =>
            Eventually.TrueAsync(() => Task.FromResult(_log.Has("could not be written")), "the writer has met the cut");

        public async Task<(TestKey Caller, HttpClient Client)> CallerAsync()
        {
            var caller = await Hub.AddCallerAsync();
            return (caller, Hub.NewClient(caller.Text));
        }

        // Money and requests of a caller with one budget and one rate, as soon as it can be told again.
        public async Task<(long Spent, long Requests)> SpentAsync(HttpClient client)
        {
            await Eventually.TrueAsync(async () => (await client.GetAsync("/v1/key")).IsSuccessStatusCode, "the database is back");
            var seen = await client.AtRestAsync();
            return (seen.Budgets.Single().Used, seen.Rates.Single().Used);
        }

        public Task StoredBalanceAsync(TestKey caller, long nanoUsd) =>
            Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        await using var db = await Hub.Databases.CreateDbContextAsync();
                        return (await db.UserAccounts.AsNoTracking().SingleAsync(a => a.UserId == caller.UserId)).BalanceNanoUsd == nanoUsd;
                    }
                    catch (Exception fault) when (fault is System.Data.Common.DbException or InvalidOperationException)
                    {
                        return false; // a pooled connection from before the cut
                    }
                },
                "the database has the balance"
            );

        public async ValueTask DisposeAsync()
        {
            await Hub.DisposeAsync();
            await _wire.DisposeAsync();
        }
    }
}

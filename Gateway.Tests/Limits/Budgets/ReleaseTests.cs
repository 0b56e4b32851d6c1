using System.Net;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>
/// However a call ends, what it held is given back, and before its last bytes leave: whoever has its answer may call again at once.
/// </summary>
public sealed class ReleaseTests(ReleaseTests.Fixture fixture) : IClassFixture<ReleaseTests.Fixture>
{
    private const long Enough = 1_000_000_000;

    private HubHost Hub => fixture.Hub;

    [Theory]
    [InlineData("sandbox-chat", 200, "ok")]
    [InlineData("sandbox-no-usage", 200, "ok")]
    [InlineData("sandbox-zero-usage", 200, "ok")]
    [InlineData("sandbox-large-1024", 200, "ok")]
    [InlineData("sandbox-status-400", 400, "upstream_error")]
    [InlineData("sandbox-status-429", 429, "upstream_error")]
    [InlineData("sandbox-status-500", 500, "upstream_error")]
    [InlineData("sandbox-status-401", 502, "upstream_refused")]
    [InlineData("sandbox-budget-exceeded", 502, "upstream_refused")]
    [InlineData("sandbox-html-error", 502, "upstream_error")]
    [InlineData("sandbox-redirect", 502, "upstream_invalid")]
    [InlineData("sandbox-malformed-json", 502, "upstream_invalid")]
    [InlineData("sandbox-wrong-content-type", 502, "upstream_invalid")]
    [InlineData("sandbox-empty", 200, "upstream_empty")]
    [InlineData("sandbox-drop-before-headers", 502, "upstream_unreachable")]
    [InlineData("sandbox-drop-mid-body", 502, "upstream_truncated")]
    [InlineData("sandbox-hang", 504, "upstream_timeout")]
    public Task A_plain_call_gives_back_what_it_held(string model, int status, string outcome) =>
        EndsAsync(InferenceCalls.Chat(model, ",\"max_tokens\":200000"), status, outcome);

    [Theory]
    [InlineData("sandbox-chat", 200, "ok")]
    [InlineData("sandbox-no-usage", 200, "ok")]
    [InlineData("sandbox-usage-each", 200, "ok")]
    [InlineData("sandbox-status-500", 500, "upstream_error")]
    [InlineData("sandbox-drop-before-headers", 502, "upstream_unreachable")]
    [InlineData("sandbox-drop-mid-stream", 200, "upstream_truncated")]
    [InlineData("sandbox-error-event", 200, "upstream_error")]
    [InlineData("sandbox-error-event-first", 500, "upstream_error")]
    [InlineData("sandbox-provider-drop", 200, "upstream_error")]
    [InlineData("sandbox-stall", 200, "upstream_timeout")]
    [InlineData("sandbox-hang", 504, "upstream_timeout")]
    public Task A_stream_gives_back_what_it_held(string model, int status, string outcome) =>
        EndsAsync(InferenceCalls.Stream(model, ",\"max_tokens\":5000"), status, outcome);

    [Fact]
    public async Task A_call_refused_for_money_has_given_back_its_place_and_its_request_before_it_is_told()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => (l.MaxConcurrent, l.RequestsPerDay) = (1, 100));
        await Hub.AddKeyBudgetAsync(caller, 1);
        fixture.Watch.Question = () => InFlight(caller);
        await LimitError.MoneyAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-chat", ",\"max_tokens\":5")));
        Assert.Equal(0, fixture.Watch.Answer);
        Assert.All((await client.LimitsAsync()).Rates, r => Assert.Equal((0L, 0L), (r.Used, r.Held)));
    }

    [Theory, InlineData("sandbox-hang"), InlineData("sandbox-stall"), InlineData("sandbox-endless"), InlineData("sandbox-trickle")]
    public async Task A_stream_whose_client_leaves_is_charged_at_most_its_hold_and_gives_back_the_rest(string model)
    {
        var (caller, client) = await BudgetedAsync();
        using (var leave = new CancellationTokenSource())
        {
            var pending = client.OpenStreamAsync(InferenceCalls.Stream(model, ",\"max_tokens\":3000"), leave.Token);
            await Eventually.TrueAsync(() => Task.FromResult(Hub.Services.GetRequiredService<BudgetBook>().HeldNanoUsd > 0), "it holds");
            if (model != "sandbox-hang")
            {
                using var answer = await pending;
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
                await reader.ReadLineAsync();
            }
            else
            {
                await leave.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
            }
        }
        var record = await OnlyRecordAsync(caller);
        Assert.Equal(("client_left", "estimated"), (record.Outcome, record.UsageSource));
        Assert.InRange(record.TotalCostNanoUsd, 1, record.HeldNanoUsd);
        Assert.Equal(record.TotalCostNanoUsd, (await client.AtRestAsync()).Budgets[0].Used);
    }

    [Fact]
    public async Task A_plain_call_whose_client_leaves_is_read_to_its_end_charged_exactly_and_keeps_its_hold_until_then()
    {
        var (caller, client) = await BudgetedAsync();
        using var leave = new CancellationTokenSource();
        var pending = client.SendAsync(
            InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("sandbox-slow-first-byte-500", ",\"max_tokens\":50")),
            leave.Token
        );
        await Eventually.TrueAsync(async () => (await client.LimitsAsync()).Budgets[0].Held > 0, "it holds");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        var record = await OnlyRecordAsync(caller);
        Assert.Equal(
            ("client_left", "reported", (5 * 2_000L) + (8 * 11_000)),
            (record.Outcome, record.UsageSource, record.TotalCostNanoUsd)
        );
        Assert.Equal(record.TotalCostNanoUsd, (await client.AtRestAsync()).Budgets[0].Used);
    }

    [Theory, InlineData(false, 0), InlineData(true, 0), InlineData(true, 2)] // writes that go well before it
    public async Task A_fault_of_our_own_gives_everything_back(bool stream, int writes)
    {
        var (caller, client) = await BudgetedAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.MaxConcurrent = 1);
        using var request = InferenceCalls.Post(
            InferenceCalls.ChatPath,
            InferenceCalls.Chat("sandbox-slow-chunks-50", ",\"max_tokens\":50" + (stream ? ",\"stream\":true" : ""))
        );
        request.Headers.Add(LastBytes.FaultHeader, writes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (writes == 0)
        {
            await (await client.SendAsync(request)).AssertRefusedAsync(500, "server_error", "internal_error");
        }
        else
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(request));
        }
        await client.AtRestAsync();
        await OnlyRecordAsync(caller); // and it is in the ledger, once
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
    }

    [Theory, BothDatabases]
    public async Task A_stop_settles_what_is_in_flight_and_the_next_start_finds_it_spent(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-stop-");
        var settings = new Dictionary<string, string> { ["SHUTDOWN_SECONDS"] = "1" };
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        TestKey caller;
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            caller = await hub.AddCallerAsync();
            await hub.AddKeyBudgetAsync(caller, Enough);
            using var client = hub.NewClient(caller.Text);
            await client.OpenStreamAsync(InferenceCalls.Stream("sandbox-trickle", ",\"max_tokens\":3000"));
        }
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var client = hub.NewClient(caller.Text);
            var budget = (await client.LimitsAsync()).Budgets.Single();
            await using var db = await hub.Databases.CreateDbContextAsync();
            var record = await db.UsageRecords.SingleAsync(r => r.ApiKeyId == caller.Id);
            Assert.Equal((record.TotalCostNanoUsd, 0L), (budget.Used, budget.Held));
            Assert.InRange(record.TotalCostNanoUsd, 1, record.HeldNanoUsd);
        }
        folder.Delete(recursive: true);
    }

    private async Task EndsAsync(string body, int status, string outcome)
    {
        var (caller, client) = await BudgetedAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.MaxConcurrent = 1);
        var book = Hub.Services.GetRequiredService<BudgetBook>();
        fixture.Watch.Question = () => book.HeldNanoUsd + InFlight(caller);
        var answer = await client.ChatAsync(body);
        var left = fixture.Watch.Answer;
        fixture.Watch.Question = null;
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(0, left);
        var record = await Hub.RecordAsync(answer);
        Assert.Equal(outcome, record.Outcome);
        Assert.True(record.HeldNanoUsd > 0);
        Assert.True(record.UsageSource != "estimated" || record.TotalCostNanoUsd <= record.HeldNanoUsd);
        var seen = await client.AtRestAsync();
        Assert.Equal(record.TotalCostNanoUsd, seen.Budgets.Single().Used);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
    }

    private int InFlight(TestKey caller) =>
        Hub.Services.GetRequiredService<CounterStore>().GetOrAdd(new CounterKey(QuotaScope.ApiKey, caller.Id, null, null)).InFlight;

    private Task<UsageRecord> OnlyRecordAsync(TestKey caller) =>
        Eventually.NotNullAsync(async () =>
        {
            await using var db = await Hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.ApiKeyId == caller.Id);
        });

    private async Task<(TestKey Caller, HttpClient Client)> BudgetedAsync()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 10 * Enough);
        return (caller, client);
    }

    private async Task<(TestKey Caller, HttpClient Client)> CallerAsync()
    {
        var caller = await Hub.AddCallerAsync();
        return (caller, Hub.NewClient(caller.Text));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Hub { get; private set; } = null!;

        internal LastBytes Watch { get; } = new();

        public async Task InitializeAsync() =>
            Hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string> { ["UPSTREAM_FIRST_BYTE_SECONDS"] = "2", ["UPSTREAM_IDLE_SECONDS"] = "1" },
                configure: builder => builder.Services.AddSingleton<IStartupFilter>(Watch)
            );

        public Task DisposeAsync() => Hub.DisposeAsync().AsTask();
    }
}

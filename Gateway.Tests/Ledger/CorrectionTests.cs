using System.Text.Json.Nodes;
using Gateway.Core.Journal;
using Gateway.Core.Ledger;
using Gateway.Core.Quotas;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Ledger;

/// <summary>A call whose node died is charged with its whole hold until LiteLLM's spend logs tell what it used.</summary>
public sealed class CorrectionTests : IAsyncLifetime
{
    private const long Bound = 40_000_000;
    private const long Used = 100 * 1_000 + 20 * 2_000; // tokens at the model's price, nano-dollars

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-correct-");
    private readonly List<JsonObject> _rows = [];
    private readonly Guid _call = Guid.CreateVersion7();
    private ManualTimeProvider _time = null!;
    private FakeLiteLlm _upstream = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(FakeLiteLlm.Row("m", "openai", """{"input_cost_per_token":1e-06,"output_cost_per_token":2e-06}"""));
        _upstream.Manage = (call, _) =>
            call == "GET /spend/logs/v2"
                ? new JsonObject
                {
                    ["data"] = new JsonArray([.. _rows.Select(r => r.DeepClone())]),
                    ["total"] = _rows.Count,
                    ["page"] = 1,
                    ["page_size"] = 100,
                    ["total_pages"] = 1,
                }.ToJsonString()
                : null;
    }

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("postpaid")]
    [InlineData("prepaid")]
    public async Task The_charge_is_lowered_to_what_the_call_used_once(string billing)
    {
        await using var hub = await CrashAsync(billing);
        Assert.Equal(0.04m, await UsedAsync(hub));
        _rows.Add(Row(_call.ToString()));
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(1, await CorrectAsync(hub));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, await CorrectAsync(hub));

        Assert.Equal(0.00014m, await UsedAsync(hub));
        await using var db = await hub.Databases.CreateDbContextAsync();
        var correction = await db.UsageRecords.AsNoTracking().SingleAsync(r => r.CorrectsId == _call.ToString());
        Assert.Equal(
            (Used - Bound, "correction", 100L, 20L),
            (correction.TotalCostNanoUsd, correction.UsageSource, correction.Usage.Input, correction.Usage.Output)
        );
        var account = await db.UserAccounts.AsNoTracking().SingleAsync(a => a.UserId == _key.UserId);
        Assert.Equal((billing == "prepaid" ? -Used : 0, Used), (account.BalanceNanoUsd, account.TotalSpentNanoUsd));
        Assert.Equal((1L, Used), (await db.DailyUsage.SumAsync(d => d.Requests), await db.DailyUsage.SumAsync(d => d.TotalCostNanoUsd)));
        Assert.Empty((await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).Differences);
    }

    [Fact]
    public async Task The_charge_is_never_raised()
    {
        await using var hub = await CrashAsync("postpaid");
        _rows.Add(Row(_call.ToString(), input: 1_000_000));
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(1, await CorrectAsync(hub));

        Assert.Equal(0.04m, await UsedAsync(hub));
    }

    [Fact]
    public async Task A_call_that_the_logs_do_not_have_keeps_its_charge_and_is_asked_for_less_and_less()
    {
        await using var hub = await CrashAsync("postpaid");
        _rows.Add(Row("somebody-else"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await CorrectAsync(hub));
        Assert.Equal(0, Asked());

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await CorrectAsync(hub));
        Assert.Equal(0, await CorrectAsync(hub));

        Assert.Equal((1, 0.04m), (Asked(), await UsedAsync(hub)));
    }

    [Fact]
    public async Task A_LiteLlm_without_a_database_leaves_the_charge_and_is_told_of()
    {
        await using var hub = await CrashAsync("postpaid");
        _upstream.Fail = call =>
            call == "GET /spend/logs/v2" ? (401, """{"error":{"message":"Prisma Client is not initialized","code":"401"}}""") : null;
        _time.Advance(TimeSpan.FromMinutes(3));

        var fault = await Assert.ThrowsAsync<SpendLogUnavailableException>(() => CorrectAsync(hub));

        Assert.Contains("database", fault.Message);
        Assert.Equal(0.04m, await UsedAsync(hub));
    }

    [Fact]
    public async Task The_comparison_tells_calls_that_match_differ_and_are_only_in_one_book()
    {
        await using var hub = await CrashAsync("postpaid");
        _rows.AddRange([Row(_call.ToString()), Row("only-there")]);
        var comparison = hub.Services.GetRequiredService<LedgerComparison>();

        var before = await comparison.RunAsync(DateTime.UtcNow.AddDays(-1), DateTime.UtcNow.AddHours(1), CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(3));
        await CorrectAsync(hub);
        var after = await comparison.RunAsync(DateTime.UtcNow.AddDays(-1), DateTime.UtcNow.AddHours(1), CancellationToken.None);

        Assert.Equal(
            ("spend_logs", 0L, 1L, 1L, Bound - Used),
            (before.Source, before.Matched, before.Different, before.OnlyThere, before.DifferenceNanoUsd)
        );
        Assert.Equal((1L, 0L, 1L, "only-there"), (after.Matched, after.Different, after.OnlyThere, after.Missing[0].Id));
    }

    // A node with a budget dies with a call in flight; the next one starts and charges it with its whole hold.
    private async Task<HubHost> CrashAsync(string billing)
    {
        var settings = new Dictionary<string, string>
        {
            ["LITELLM_BASE_URL"] = _upstream.Address,
            ["LITELLM_API_KEY"] = "sk-upstream",
            ["MODEL_SYNC_SECONDS"] = "0",
            ["BILLING_MODE"] = billing,
        };
        HoldRecord hold;
        await using (var first = await HubHost.StartAsync(settings: settings, folder: _folder))
        {
            _key = await first.AddCallerAsync();
            var budget = await first.AddKeyBudgetAsync(_key, 1_000_000_000, b => b.BudgetDuration = "1d");
            await using var db = await first.Databases.CreateDbContextAsync();
            var now = DateTime.UtcNow;
            hold = new HoldRecord
            {
                CallId = _call,
                Attempt = 1,
                AdmittedAt = now,
                BoundNanoUsd = Bound,
                ApiKeyId = _key.Id,
                UserId = _key.UserId,
                TierId = await db.Users.Where(u => u.Id == _key.UserId).Select(u => u.TierId).SingleAsync(),
                ModelId = await db.Models.Where(m => m.Name == "m").Select(m => m.Id).SingleAsync(),
                ModelName = "m",
                CallType = "acompletion",
                Accounts = (HeldAccount[])
                    [
                        new(
                            HeldScope.ApiKey,
                            budget.Id,
                            "",
                            "1d",
                            BudgetBook.ChargeOf(ScopeQuotas.ToBudget(budget)!, _key.UserId, now).WindowStart
                        ),
                        .. billing == "prepaid"
                            ? [new HeldAccount(HeldScope.Balance, _key.UserId, "", "", default)]
                            : Array.Empty<HeldAccount>(),
                    ],
            };
        }
        using (
            var journal = CallJournal.Open(
                JournalFolder.Lock(JournalFolder.PathOf(_folder.FullName, $"{Environment.MachineName}:0")),
                new JournalOptions { SegmentBytes = 64 * 1024 },
                NullLogger.Instance
            )
        )
        {
            Assert.True(journal.TryHold(hold).IsPublished);
        }
        _time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        return await HubHost.StartAsync(settings: settings, folder: _folder, time: _time);
    }

    private static Task<int> CorrectAsync(HubHost hub) =>
        hub.Services.GetRequiredService<CorrectionService>().CorrectAsync(CancellationToken.None);

    private int Asked() => _upstream.Calls.Count(c => c.StartsWith("GET /spend/logs/v2", StringComparison.Ordinal));

    private async Task<decimal> UsedAsync(HubHost hub)
    {
        using var client = hub.NewClient(_key.Text);
        return (await (await client.GetAsync("/v1/key")).JsonAsync())
            .GetProperty("limits")
            .GetProperty("budgets")[0]
            .GetProperty("used")
            .GetDecimal();
    }

    private static JsonObject Row(string callId, long input = 100) =>
        new()
        {
            ["request_id"] = callId,
            ["call_type"] = "acompletion",
            ["api_key"] = "hash",
            ["spend"] = Used / 1e9m,
            ["startTime"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
            ["endTime"] = DateTime.UtcNow.AddSeconds(1).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
            ["model"] = "openai/m",
            ["model_group"] = "m",
            ["status"] = "success",
            ["metadata"] = new JsonObject
            {
                ["litellm_call_id"] = callId,
                ["usage_object"] = new JsonObject
                {
                    ["prompt_tokens"] = input,
                    ["completion_tokens"] = 20,
                    ["total_tokens"] = input + 20,
                },
            }.ToJsonString(),
        };
}

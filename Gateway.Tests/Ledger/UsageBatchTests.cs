using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>The ledger's rows and all sums are written together, once, and agree.</summary>
public sealed class UsageBatchTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 22, 30, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task Writing_the_same_calls_again_changes_nothing(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        var records = Enumerable.Range(0, 250).Select(i => Record(i, i % 3, i % 2, i * 1_000)).ToList();
        await WriteAsync(store, records);
        var before = await SumsAsync(store);
        await WriteAsync(store, records);
        await WriteAsync(store, [records[0], records[0], Record(999, 0, 0, 5)]);
        var after = await SumsAsync(store);
        Assert.Equal(250, before.Rows);
        Assert.Equal((251, before.Cost + 5), (after.Rows, after.Cost));
        Assert.Equal((251L, after.Cost), (after.DailyRequests, after.DailyCost));
    }

    [Theory, BothDatabases]
    public async Task Rollups_keys_and_accounts_equal_the_sums_of_the_rows(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        Prop.ForAll(
                Gen.ListOf(Records()).ToArbitrary(),
                records =>
                {
                    Task.Run(async () =>
                        {
                            await WriteAsync(store, [.. records]);
                            await AssertSumsAsync(store);
                        })
                        .GetAwaiter()
                        .GetResult();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Theory, BothDatabases]
    public async Task Parallel_writers_add_up(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(writer =>
                    Task.Run(() =>
                        WriteAsync(store, [.. Enumerable.Range(0, 40).Select(i => Record((writer * 100) + i, i % 3, i % 2, 10))])
                    )
                )
        );
        await AssertSumsAsync(store);
        Assert.Equal((320, 3_200L), ((await SumsAsync(store)).Rows, (await SumsAsync(store)).Cost));
    }

    [Theory, BothDatabases]
    public async Task A_record_comes_back_as_it_was_written(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        var record = Record(1, 1, 1, 77);
        (record.ExternalRequestId, record.FirstByteAt, record.UpstreamCostNanoUsd, record.CacheHit, record.IsStream) = (
            "id é '\"",
            Start.AddMilliseconds(1.5),
            5,
            true,
            true
        );
        await WriteAsync(store, [record]);
        await using var db = store.CreateDbContext();
        var read = await db.UsageRecords.AsNoTracking().SingleAsync();
        foreach (var property in typeof(UsageRecord).GetProperties())
        {
            Assert.Equal(property.GetValue(record), property.GetValue(read));
        }
    }

    [Theory, BothDatabases]
    public async Task Last_use_is_the_newest_admission_even_when_calls_arrive_out_of_order(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await WriteAsync(store, [Record(2, 0, 0, 1, minutes: 50)]);
        await WriteAsync(store, [Record(1, 0, 0, 1, minutes: 10)]);
        await using var db = store.CreateDbContext();
        Assert.Equal(Start.AddMinutes(50), (await db.ApiKeyUsage.AsNoTracking().SingleAsync()).LastUsedAt);
    }

    [Theory, BothDatabases]
    public async Task A_balance_is_left_alone(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        db.UserAccounts.Add(
            new UserAccount
            {
                UserId = "user-0",
                BalanceNanoUsd = 500,
                UpdatedAt = Start,
            }
        );
        await db.SaveChangesAsync();
        await WriteAsync(store, [Record(1, 0, 0, 30)]);
        var account = await db.UserAccounts.AsNoTracking().SingleAsync(a => a.UserId == "user-0");
        Assert.Equal((500L, 30L), (account.BalanceNanoUsd, account.TotalSpentNanoUsd));
    }

    private static async Task WriteAsync(TestStore store, IReadOnlyList<UsageRecord> records)
    {
        await using var db = store.CreateDbContext();
        await new UsageBatch(store.Provider).WriteAsync(db, records, CancellationToken.None);
    }

    private static async Task AssertSumsAsync(TestStore store)
    {
        await using var db = store.CreateDbContext();
        var rows = await db.UsageRecords.AsNoTracking().ToListAsync();
        var names = await db.LedgerNames.ToDictionaryAsync(n => n.Number, n => n.Name);
        names.Add(0, "");
        AssertRollups(rows, await db.HourlyUsage.AsNoTracking().ToListAsync(), names, UtcTime.HourOf);
        AssertRollups(rows, await db.DailyUsage.AsNoTracking().ToListAsync(), names, UtcTime.DayOf);
        AssertTotals(rows, await db.UsageTotals.AsNoTracking().ToListAsync(), names);
        var keys = await db.ApiKeyUsage.AsNoTracking().ToListAsync();
        Assert.Equal(
            rows.Where(r => r.ApiKeyId is not null)
                .GroupBy(r => (r.ApiKeyId!, r.ModelId))
                .Select(g => (g.Key, (long)g.Count(), g.Sum(r => r.TotalCostNanoUsd), g.Max(r => r.AdmittedAt)))
                .Order(),
            keys.Select(k => ((k.ApiKeyId, k.ModelId), k.RequestCount, k.TotalCostNanoUsd, k.LastUsedAt)).Order()
        );
        var accounts = await db.UserAccounts.AsNoTracking().ToListAsync();
        Assert.Equal(
            rows.GroupBy(r => r.UserId).Select(g => (g.Key, g.Sum(r => r.TotalCostNanoUsd))).Order(),
            accounts.Select(a => (a.UserId, a.TotalSpentNanoUsd)).Order()
        );
    }

    private static void AssertRollups<T>(
        List<UsageRecord> rows,
        List<T> rollups,
        Dictionary<int, string> names,
        Func<DateTime, DateTime> bucketOf
    )
        where T : UsageRollup
    {
        var expected = rows.GroupBy(r => (bucketOf(r.AdmittedAt), r.UserId, r.ApiKeyId ?? "", r.ModelId, r.TeamId ?? "", r.TierId))
            .ToDictionary(g => g.Key, g => Figures(g.ToList()));
        AssertEqual(
            expected,
            rollups.ToDictionary(
                r =>
                    (
                        r.BucketStart,
                        names[r.UserNumber],
                        names[r.ApiKeyNumber],
                        names[r.ModelNumber],
                        names[r.TeamNumber],
                        names[r.TierNumber]
                    ),
                Figures
            )
        );
    }

    private static void AssertTotals(List<UsageRecord> rows, List<UsageTotals> totals, Dictionary<int, string> names)
    {
        var expected = rows.GroupBy(r => ("model_day", UtcTime.DayOf(r.AdmittedAt), "", r.ModelId, "", r.TierId))
            .Concat(rows.GroupBy(r => ("hour", UtcTime.HourOf(r.AdmittedAt), "", "", "", "")))
            .Concat(rows.GroupBy(r => ("model_hour", UtcTime.HourOf(r.AdmittedAt), "", r.ModelId, "", r.TierId)))
            .Concat(rows.GroupBy(r => ("team_day", UtcTime.DayOf(r.AdmittedAt), "", "", r.TeamId ?? "", "")))
            .Concat(rows.GroupBy(r => ("user_day", UtcTime.DayOf(r.AdmittedAt), r.UserId, r.ModelId, "", "")))
            .ToDictionary(g => g.Key, g => Figures(g.ToList()));
        AssertEqual(
            expected,
            totals.ToDictionary(
                t => (t.Grain, t.BucketStart, names[t.UserNumber], names[t.ModelNumber], names[t.TeamNumber], names[t.TierNumber]),
                Figures
            )
        );
    }

    private static void AssertEqual<TKey>(Dictionary<TKey, long[]> expected, Dictionary<TKey, long[]> actual)
        where TKey : notnull
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, e => Assert.Equal(e.Value, actual[e.Key]));
    }

    private static long[] Figures(UsageSum sum) =>
        [
            sum.Requests,
            sum.FailedRequests,
            sum.EstimatedRequests,
            sum.InputTokens,
            sum.CacheReadTokens,
            sum.CacheWriteTokens,
            sum.InputMediaTokens,
            sum.OutputTokens,
            sum.ReasoningTokens,
            sum.OutputMediaTokens,
            sum.TotalCostNanoUsd,
            sum.OutputCostNanoUsd,
            sum.UpstreamCostNanoUsd,
        ];

    private static long[] Figures(List<UsageRecord> rows) =>
        [
            rows.Count,
            rows.Count(r => r.Status == "failed"),
            rows.Count(r => r.UsageSource == "estimated"),
            rows.Sum(r => r.Usage.Input),
            rows.Sum(r => r.Usage.CacheRead),
            rows.Sum(r => r.Usage.CacheWrite + r.Usage.CacheWrite1h),
            rows.Sum(r => r.Usage.InputAudio + r.Usage.InputImage + r.Usage.InputVideo),
            rows.Sum(r => r.Usage.Output),
            rows.Sum(r => r.Usage.Reasoning),
            rows.Sum(r => r.Usage.OutputAudio + r.Usage.OutputImage),
            rows.Sum(r => r.TotalCostNanoUsd),
            rows.Sum(r => r.OutputCostNanoUsd),
            rows.Sum(r => r.UpstreamCostNanoUsd ?? 0),
        ];

    private static async Task<(int Rows, long Cost, long DailyRequests, long DailyCost)> SumsAsync(TestStore store)
    {
        await using var db = store.CreateDbContext();
        return (
            await db.UsageRecords.CountAsync(),
            await db.UsageRecords.SumAsync(r => r.TotalCostNanoUsd),
            await db.DailyUsage.SumAsync(d => d.Requests),
            await db.DailyUsage.SumAsync(d => d.TotalCostNanoUsd)
        );
    }

    private static Gen<UsageRecord> Records() =>
        from user in Gen.Choose(0, 3)
        from key in Gen.Choose(0, 3)
        from minutes in Gen.Choose(0, 200)
        from cost in Gen.Choose(0, 1_000_000_000)
        from kind in Gen.Choose(0, 3)
        from tokens in Gen.Choose(0, 1_000_000)
        select With(Record(0, user, key, cost * 1_000L, minutes), kind, tokens);

    private static UsageRecord With(UsageRecord record, int kind, int tokens)
    {
        record.Id = Guid.NewGuid().ToString();
        record.ApiKeyId = kind == 0 ? null : record.ApiKeyId;
        record.TeamId = kind == 1 ? "team" : null;
        record.TierId = kind == 2 ? "other tier" : record.TierId;
        record.Status = kind == 2 ? "failed" : "completed";
        record.UsageSource = kind == 3 ? "estimated" : "reported";
        record.UpstreamCostNanoUsd = kind == 1 ? null : tokens;
        record.Usage = new()
        {
            Input = tokens,
            CacheRead = tokens / 2,
            CacheWrite = tokens / 3,
            CacheWrite1h = tokens / 5,
            InputAudio = tokens / 7,
            InputImage = tokens / 11,
            InputVideo = tokens / 13,
            Output = tokens / 17,
            Reasoning = tokens / 19,
            OutputAudio = tokens / 23,
            OutputImage = tokens / 29,
        };
        return record;
    }

    private static UsageRecord Record(int id, int user, int key, long cost, int minutes = 0) =>
        new()
        {
            Id = $"00000000-0000-7000-8000-{id:D12}",
            UserId = "user-" + user,
            ApiKeyId = "key-" + key,
            TierId = "tier",
            ModelId = "model",
            ModelName = "model",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            InputCostNanoUsd = cost,
            TotalCostNanoUsd = cost,
            AdmittedAt = Start.AddMinutes(minutes),
            EndedAt = Start.AddMinutes(minutes + 1),
        };
}

using System.Text.Json;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>
/// A row that the database will never take is one row: the others are written, the writer goes on, and the row is kept, told and tried
/// again by hand.
/// </summary>
public sealed class SetAsideTests
{
    [Theory, BothDatabases]
    public async Task A_row_that_the_database_does_not_take_is_set_aside_and_the_others_are_written(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var (good, bad) = (Enumerable.Range(0, 9).Select(_ => Record()).ToList(), Refused());
        await EnqueueAsync(hub, [.. good.Take(5), bad, .. good.Skip(5)]);
        await Eventually.TrueAsync(() => Task.FromResult(hub.Services.GetRequiredService<UsageQueue>().IsWritten), "the writer is through");
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(good.Select(r => r.Id).Order(), await db.UsageRecords.Select(r => r.Id).OrderBy(i => i).ToListAsync());
        Assert.Equal(bad.Id, (await db.SetAsideRecords.SingleAsync()).Id);
        var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        await hub.RecordAsync(answer); // what comes after it is written as always
    }

    [Fact]
    public async Task What_the_database_itself_refuses_is_set_aside_with_its_own_words()
    {
        var folder = Directory.CreateTempSubdirectory("hub-aside-");
        await using (var hub = await HubHost.StartAsync(folder: folder))
        {
            await PoisonAsync(hub.Databases);
            var (good, bad) = (Record(), Record("poison"));
            await EnqueueAsync(hub, [bad, good]);
            await hub.RecordAsync(good.Id);
            var report = await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None);
            Assert.Equal((1L, 0L, false), (report.SetAsideCount, report.DifferenceCount, report.IsClean));
            Assert.Contains("poisoned", report.SetAside.Single().Fault, StringComparison.Ordinal);
            Assert.Equal(1, (await MetricsText.ScrapeAsync(hub)).Samples.Single(s => s.Name == "oneui_ledger_set_aside_total").Value);
            var checks = await RunAsync(folder, "check");
            Assert.Equal(
                (1, bad.Id),
                (checks.Code, JsonElement.Parse(checks.Text).GetProperty("set_aside")[0].GetProperty("id").GetString())
            );
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_retry_brings_it_in_when_the_database_takes_it_now()
    {
        var folder = Directory.CreateTempSubdirectory("hub-aside-");
        await using (var hub = await HubHost.StartAsync(folder: folder))
        {
            await PoisonAsync(hub.Databases);
            var bad = Record("poison");
            await EnqueueAsync(hub, [bad]);
            await Eventually.TrueAsync(async () => await CountAsync(hub) == 1, "it is set aside");
            Assert.Equal(1, (await RunAsync(folder, "retry")).Code);
            Assert.Equal(1, await CountAsync(hub));
            await using (var db = await hub.Databases.CreateDbContextAsync())
            {
                await db.Database.ExecuteSqlRawAsync("DROP TRIGGER poison");
            }
            var (code, text) = await RunAsync(folder, "retry");
            Assert.Equal((0, 1L), (code, JsonElement.Parse(text).GetProperty("written").GetInt64()));
            Assert.Equal(bad.TotalCostNanoUsd, (await hub.RecordAsync(bad.Id)).TotalCostNanoUsd);
            Assert.Equal((0, 0), (await CountAsync(hub), (await RunAsync(folder, "check")).Code));
        }
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(-1, 1_000, 2026)]
    [InlineData(TooMany, 1_000, 2026)]
    [InlineData(5, -1, 2026)]
    [InlineData(5, 1_000, 1)]
    [InlineData(5, 1_000, 9_999)]
    public void What_no_ledger_can_hold_is_told(long tokens, long cost, int year)
    {
        var record = Record();
        (record.Usage, record.TotalCostNanoUsd, record.AdmittedAt) = (
            new() { Output = tokens },
            cost,
            new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc)
        );
        Assert.NotNull(RecordCheck.FaultOf(record));
        Assert.Null(RecordCheck.FaultOf(Record()));
    }

    private const long TooMany = (1L << 48) + 1;

    private static async Task EnqueueAsync(HubHost hub, IReadOnlyList<UsageRecord> records)
    {
        foreach (var record in records)
        {
            await hub.Services.GetRequiredService<UsageQueue>().EnqueueAsync(new QueuedCall(record, default));
        }
    }

    private static async Task PoisonAsync(IDbContextFactory<HubDbContext> databases)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Database.ExecuteSqlRawAsync(
            "CREATE TRIGGER poison BEFORE INSERT ON ledger_entries "
                + "WHEN NEW.user_number = (SELECT number FROM ledger_names WHERE name = 'poison') "
                + "BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        );
    }

    private static async Task<int> CountAsync(HubHost hub)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        return await db.SetAsideRecords.CountAsync();
    }

    private static async Task<(int Code, string Text)> RunAsync(DirectoryInfo folder, string command)
    {
        var run = await GatewayCommand.RunAsync(["ledger", command], new Dictionary<string, string> { ["DATA_DIR"] = folder.FullName });
        return (run.Code, run.Output);
    }

    private static UsageRecord Refused()
    {
        var record = Record();
        record.Usage = new() { Input = -1 };
        return record;
    }

    private static UsageRecord Record(string userId = "user") =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            ApiKeyId = "key",
            TierId = "tier",
            ModelId = "model",
            ModelName = "model",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new() { Input = 10, Output = 5 },
            TotalCostNanoUsd = 1_000,
            AdmittedAt = DateTime.UtcNow,
            EndedAt = DateTime.UtcNow,
        };
}

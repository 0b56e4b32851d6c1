using System.Net;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>From the answer to the database.</summary>
public sealed class UsageWriterTests
{
    [Theory, BothDatabases]
    public async Task A_settled_call_is_in_the_database_within_a_second(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat")));
        var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        var settled = DateTime.UtcNow;
        await hub.RecordAsync(answer);
        Assert.True(DateTime.UtcNow - settled < TimeSpan.FromSeconds(1));
    }

    [Theory, BothDatabases]
    public async Task A_queue_of_one_loses_nothing(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(
            database,
            new Dictionary<string, string> { ["USAGE_QUEUE_SIZE"] = "1", ["USAGE_BATCH_SIZE"] = "1" }
        );
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-usage-1000-500")))
        );
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        await Eventually.TrueAsync(async () => await CountAsync(hub) == 60, "all calls are recorded");
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(
            (60L, 60 * 7_500_000L),
            ((await db.ApiKeyUsage.SingleAsync()).RequestCount, (await db.ApiKeyUsage.SingleAsync()).TotalCostNanoUsd)
        );
        Assert.Equal(60 * 7_500_000L, (await db.UserAccounts.SingleAsync()).TotalSpentNanoUsd);
        Assert.Equal(60, await db.DailyUsage.SumAsync(d => d.Requests));
    }

    [Fact]
    public async Task Answers_wait_for_a_locked_database_only_when_the_queue_is_full_and_all_arrive()
    {
        await using var hub = await HubHost.StartAsync();
        var first = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        await hub.RecordAsync(first);
        await using (var other = await hub.Databases.CreateDbContextAsync())
        {
            await using var locked = await other.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable);
            await other.PolicyRevisions.ExecuteUpdateAsync(s => s.SetProperty(r => r.Revision, r => r.Revision));
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(HttpStatusCode.OK, (await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
            }
            await locked.RollbackAsync();
        }
        await Eventually.TrueAsync(async () => await CountAsync(hub) == 21, "all calls are recorded");
    }

    [Fact]
    public async Task A_stop_drains_what_is_settled()
    {
        var folder = Directory.CreateTempSubdirectory("hub-drain-");
        var hub = await HubHost.StartAsync(folder: folder);
        for (var i = 0; i < 30; i++)
        {
            await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        }
        await hub.DisposeAsync();
        Assert.Equal(30, await CountAsync(folder));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_stop_with_a_stream_that_will_not_end_still_records_everything()
    {
        var folder = Directory.CreateTempSubdirectory("hub-drain-");
        var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["SHUTDOWN_SECONDS"] = "1" }, folder: folder);
        using var client = hub.NewClient(hub.ApiKey);
        using var stream = await client.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless"));
        var reading = ReadToEndAsync(stream);
        await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        await hub.DisposeAsync();
        await reading;
        await using var db = Open(folder);
        var outcomes = await db.UsageRecords.Select(r => r.Outcome).OrderBy(o => o).ToListAsync();
        Assert.Equal(["client_left", "ok"], outcomes);
        folder.Delete(recursive: true);
    }

    private static async Task ReadToEndAsync(HttpResponseMessage answer)
    {
        try
        {
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            // The gateway has stopped.
        }
    }

    private static async Task<int> CountAsync(HubHost hub)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        return await db.UsageRecords.CountAsync();
    }

    private static async Task<int> CountAsync(DirectoryInfo folder)
    {
        await using var db = Open(folder);
        return await db.UsageRecords.CountAsync();
    }

    private static HubDbContext Open(DirectoryInfo folder)
    {
        var options = new DbContextOptionsBuilder<HubDbContext>();
        StoreProvider.For(new DatabaseUrl("sqlite", $"sqlite:{folder.FullName}/hub.db")).Configure(options);
        return new HubDbContext(options.Options);
    }
}

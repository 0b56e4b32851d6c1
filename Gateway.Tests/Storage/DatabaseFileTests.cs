using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>The database's file goes under the running process, which SQLite itself does not mind.</summary>
public sealed class DatabaseFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-file-");

    [Theory]
    [InlineData(false)] // deleted
    [InlineData(true)] // and another one put in its place
    public async Task A_deleted_database_refuses_every_call_and_loses_nothing_that_was_answered(bool isReplaced)
    {
        var away = Path.Combine(_folder.FullName, "kept.db");
        var file = Path.Combine(_folder.FullName, "hub.db");
        List<string> answered = [];
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            answered.Add((await CallAsync(hub)).Id);
            await hub.RecordAsync(answered[0]);
            File.Copy(file, away);
            foreach (var part in new[] { file, file + "-wal", file + "-shm" })
            {
                File.Copy(part, part.Replace("hub.db", "kept.db", StringComparison.Ordinal), overwrite: true);
                File.Delete(part);
            }
            if (isReplaced)
            {
                File.Copy(away, file);
            }
            await Eventually.TrueAsync(
                async () =>
                {
                    var (id, status) = await CallAsync(hub);
                    if (status == HttpStatusCode.OK)
                    {
                        answered.Add(id); // before it was noticed: it is in the journal
                    }
                    return status != HttpStatusCode.OK;
                },
                "it is noticed"
            );
            await (await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).AssertRefusedAsync(
                503,
                "server_error",
                "quota_store_unavailable"
            );
            var ready = await hub.Anonymous.GetAsync("/health/ready");
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, "gone"),
                (ready.StatusCode, (await ready.JsonAsync()).GetProperty("checks").GetProperty("database").GetString())
            );
            Assert.Equal(0, (await MetricsText.ScrapeAsync(hub)).Samples.Single(s => s.Name == "oneui_database_up").Value);
            Assert.Equal(
                (503, "not_ready"),
                Code(await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "a@example.org", password = "password123" }))
            );
        }
        foreach (var part in new[] { "", "-wal", "-shm" })
        {
            File.Move(away + part, file + part, overwrite: true);
        }
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.Equal(answered.Order(), await db.UsageRecords.Select(r => r.Id).OrderBy(i => i).ToListAsync());
        }
    }

    [Fact]
    public async Task What_is_written_while_the_file_goes_stays_in_the_journal_for_the_next_start()
    {
        var file = Path.Combine(_folder.FullName, "hub.db");
        string id;
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            await hub.RecordAsync((await CallAsync(hub)).Id);
            using var client = hub.NewClient(hub.ApiKey);
            using var stream = await client.OpenStreamAsync(InferenceCalls.Stream("sandbox-slow-chunks-50"));
            File.Move(file, file + ".away");
            await stream.Content.ReadAsStringAsync(); // begun before, settled after
            id = stream.RequestId();
        }
        File.Move(file + ".away", file, overwrite: true);
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            Assert.True((await hub.RecordAsync(id)).TotalCostNanoUsd > 0);
        }
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static (int, string) Code(ApiAnswer answer) => ((int)answer.Status, answer.Body.Text("code"));

    private static async Task<(string Id, HttpStatusCode Status)> CallAsync(HubHost hub)
    {
        using var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        return (answer.RequestId(), answer.StatusCode);
    }
}

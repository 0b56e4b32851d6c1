using Gateway.Core.Journal;
using Gateway.Ledger;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

/// <summary>What a scrape tells of the journal.</summary>
public sealed class JournalMetricsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-journal-metrics-");

    [Fact]
    public async Task Syncs_are_timed_and_what_is_in_flight_is_counted()
    {
        await using var hub = await HubHost.StartAsync();
        using (await hub.Client.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless")))
        {
            await Eventually.TrueAsync(
                async () => (await MetricsText.ScrapeAsync(hub)).Sum("oneui_journal_sync_duration_seconds_count") > 0,
                "the hold is on the disk"
            );
            var scrape = await MetricsText.ScrapeAsync(hub);
            Assert.True(scrape.Sum("oneui_journal_records") >= 1);
            Assert.True(scrape.Sum("oneui_journal_size_bytes") >= 1_048_576);
            Assert.Equal(
                (0, 0, 0),
                (
                    scrape.Sum("oneui_journal_sync_failures_total"),
                    scrape.Sum("oneui_journal_not_written_total"),
                    scrape.Sum("oneui_journal_full")
                )
            );
        }
        await Eventually.TrueAsync(
            async () => (await MetricsText.ScrapeAsync(hub)).Sum("oneui_journal_records") == 0,
            "the call is in the database"
        );
    }

    [Fact]
    public async Task What_the_journal_does_not_take_is_counted()
    {
        await using var hub = await HubHost.StartAsync(folder: _folder);
        Directory.Delete(JournalFolder.PathOf(_folder.FullName, $"{Environment.MachineName}:0"), recursive: true);
        var journal = hub.Services.GetRequiredService<NodeJournal>();
        await Eventually.TrueAsync(() => Task.FromResult(journal.Status is { IsFull: true }), "it was noticed");
        using var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var scrape = await MetricsText.ScrapeAsync(hub);
        Assert.Equal(
            (1, 1),
            (
                scrape.Sum("oneui_journal_not_written_total", ("record", "hold")),
                scrape.Sum("oneui_journal_not_written_total", ("record", "settlement"))
            )
        );
        Assert.Equal((1, 1), (scrape.Sum("oneui_journal_full"), scrape.Sum("oneui_journal_failing")));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

using System.Net;
using Gateway.Core.Journal;
using Gateway.Core.Quotas;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>The disk of the journal is full, or its folder is gone; the database is elsewhere and well.</summary>
public sealed class JournalFullTests : IDisposable
{
    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("hub-full-");

    [Fact]
    public async Task On_a_full_disk_calls_on_budgets_are_refused_the_others_pass_and_nothing_is_lost()
    {
        using var disk = new SmallDisk(megabytes: 4);
        await using var hub = await StartAsync(Directory.CreateDirectory(Path.Combine(disk.Path, "data")));
        var (budgeted, free) = await CallersAsync(hub);
        var journal = hub.Services.GetRequiredService<NodeJournal>();
        await Eventually.TrueAsync(() => Task.FromResult(journal.Status is { Segments: 2 }), "the next segment is there");
        disk.Fill();
        // What the database takes makes room in the journal: it is kept from taking more until the journal is full.
        using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_elsewhere.FullName}/hub.db;Pooling=False");
        other.Open();
        var held = other.BeginTransaction(deferred: false);
        List<string> answered = [];
        while (!journal.Status!.Value.IsFull)
        {
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? budgeted : free).ChatAsync(InferenceCalls.Chat("gpt-4o-mini")))
            );
            answered.AddRange(answers.Where(a => a.StatusCode == HttpStatusCode.OK).Select(a => a.RequestId()));
            Assert.True(answered.Count < 10_000);
        }
        await (await budgeted.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).AssertRefusedAsync(503, "server_error", "journal_full");
        held.Dispose();
        var passed = await free.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        await AssertInLedgerAsync(hub, [.. answered, passed.RequestId()]);

        disk.Clear();
        await Eventually.TrueAsync(
            async () => (await budgeted.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode == HttpStatusCode.OK,
            "calls on budgets pass again"
        );
    }

    [Fact]
    public async Task With_its_folder_gone_calls_that_pass_are_in_the_database_when_they_are_answered()
    {
        await using var hub = await StartAsync(_elsewhere.CreateSubdirectory("data"));
        var (budgeted, free) = await CallersAsync(hub);
        Directory.Delete(JournalFolder.PathOf(Path.Combine(_elsewhere.FullName, "data"), $"{Environment.MachineName}:0"), recursive: true);
        var journal = hub.Services.GetRequiredService<NodeJournal>();
        await Eventually.TrueAsync(() => Task.FromResult(journal.Status is { IsFull: true }), "it was noticed");
        await (await budgeted.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).AssertRefusedAsync(503, "server_error", "journal_full");
        foreach (var body in new[] { InferenceCalls.Chat("gpt-4o-mini"), InferenceCalls.Stream("gpt-4o-mini") })
        {
            using var answer = await free.ChatAsync(body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.True(await db.UsageRecords.AnyAsync(r => r.Id == answer.RequestId()), "The answer came before its row.");
        }
    }

    [Fact]
    public async Task A_refused_call_holds_nothing()
    {
        await using var hub = await StartAsync(_elsewhere.CreateSubdirectory("data"));
        var (budgeted, _) = await CallersAsync(hub);
        Directory.Delete(JournalFolder.PathOf(Path.Combine(_elsewhere.FullName, "data"), $"{Environment.MachineName}:0"), recursive: true);
        var journal = hub.Services.GetRequiredService<NodeJournal>();
        await Eventually.TrueAsync(() => Task.FromResult(journal.Status is { IsFull: true }), "it was noticed");
        await (await budgeted.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).AssertRefusedAsync(503, "server_error", "journal_full");
        var seen = await budgeted.AtRestAsync();
        Assert.Equal((0L, 0L), (seen.Budgets.Single().Used, seen.Budgets.Single().Held));
    }

    [Fact]
    public async Task A_refused_call_has_given_back_place_request_and_money_when_the_first_byte_of_its_refusal_leaves()
    {
        var watch = new LastBytes();
        await using var hub = await StartAsync(
            _elsewhere.CreateSubdirectory("data"),
            builder => builder.Services.AddSingleton<IStartupFilter>(watch)
        );
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000_000);
        await hub.AddKeyRateLimitAsync(caller, l => (l.MaxConcurrent, l.RequestsPerDay) = (1, 100));
        var client = hub.NewClient(caller.Text);
        Directory.Delete(JournalFolder.PathOf(Path.Combine(_elsewhere.FullName, "data"), $"{Environment.MachineName}:0"), recursive: true);
        var journal = hub.Services.GetRequiredService<NodeJournal>();
        await Eventually.TrueAsync(() => Task.FromResult(journal.Status is { IsFull: true }), "it was noticed");
        var book = hub.Services.GetRequiredService<BudgetBook>();
        var counters = hub.Services.GetRequiredService<CounterStore>().GetOrAdd(new CounterKey(QuotaScope.ApiKey, caller.Id, null, null));
        watch.Question = () => book.HeldNanoUsd + counters.InFlight + counters.Day.Requests;
        await (await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).AssertRefusedAsync(503, "server_error", "journal_full");
        Assert.Equal(0, watch.Answer);
        Assert.All((await client.LimitsAsync()).Rates, r => Assert.Equal((0L, 0L), (r.Used, r.Held)));
    }

    [Fact]
    public async Task With_a_sync_interval_of_zero_an_answer_waits_for_the_disk()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["JOURNAL_SYNC_MS"] = "0" });
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => hub.Client.ChatAsync(i % 2 == 0 ? InferenceCalls.Chat("gpt-4o-mini") : InferenceCalls.Stream("gpt-4o-mini")))
        );
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _elsewhere.Delete(recursive: true);
    }

    private Task<HubHost> StartAsync(DirectoryInfo data, Action<WebApplicationBuilder>? configure = null) =>
        HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["DATABASE_URL"] = $"sqlite:{_elsewhere.FullName}/hub.db" },
            folder: data,
            configure: configure
        );

    private static async Task<(HttpClient Budgeted, HttpClient Free)> CallersAsync(HubHost hub)
    {
        var budgeted = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(budgeted, 1_000_000_000_000);
        return (hub.NewClient(budgeted.Text), hub.NewClient((await hub.AddCallerAsync()).Text));
    }

    private static Task AssertInLedgerAsync(HubHost hub, IReadOnlyList<string> ids) =>
        Eventually.TrueAsync(
            async () =>
            {
                await using var db = await hub.Databases.CreateDbContextAsync();
                var known = (await db.UsageRecords.Select(r => r.Id).ToListAsync()).ToHashSet();
                return ids.All(known.Contains);
            },
            "all answered calls are in the ledger"
        );
}

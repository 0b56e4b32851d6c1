using System.Net;
using System.Text.Json;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Copying;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Storage;

/// <summary>A gateway moves from one database to another: nothing is lost, and what was stopped goes on.</summary>
public sealed class DatabaseCopyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-copy-");

    public static IEnumerable<object[]> Moves =>
        from source in TestDatabases.All
        from target in TestDatabases.All
        where source != target
        select new object[] { source, target };

    [Theory, MemberData(nameof(Moves))]
    public async Task A_gateway_goes_on_with_its_keys_limits_and_ledger_on_another_database(TestDatabase source, TestDatabase target)
    {
        var (from, key, records) = await FilledAsync(source);
        var to = await UrlAsync(target);
        var copy = await RunAsync(from, to);
        Assert.Equal((0, ""), (copy.Code, copy.Errors));
        var report = JsonElement.Parse(copy.Output);
        Assert.Equal(records, report.GetProperty("ledger").GetProperty("records").GetInt64());
        Assert.Equal(report.GetProperty("rows").GetInt64(), report.GetProperty("copied_rows").GetInt64());
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = to });
        using var client = hub.NewClient(key);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).StatusCode);
        await using var db = await hub.Databases.CreateDbContextAsync();
        var rate = await db.ExchangeRates.SingleAsync(r => r.Id == "rate");
        Assert.Equal((1.2345678901m, Moment), (rate.Rate, rate.UpdatedAt));
    }

    [Fact]
    public async Task A_copy_that_was_stopped_goes_on_where_it_stopped()
    {
        var (from, _, _) = await FilledAsync(TestDatabase.Sqlite);
        var to = await UrlAsync(TestDatabase.Postgres);
        using var stop = new CancellationTokenSource();
        var progress = new StopAfter(30, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DatabaseCopy.RunAsync(Parse(from), Parse(to), progress, stop.Token));
        var report = await DatabaseCopy.RunAsync(Parse(from), Parse(to), null, CancellationToken.None);
        Assert.True(report.IsWhole && report.Ledger.IsClean);
        Assert.InRange(report.CopiedRows, 1, report.Rows - 30);
    }

    [Fact]
    public async Task A_target_in_use_a_source_that_is_missing_and_one_that_serves_are_refused()
    {
        var (from, _, _) = await FilledAsync(TestDatabase.Postgres);
        var (used, _, _) = await FilledAsync(TestDatabase.Sqlite);
        Assert.Contains("is in use: it has users or calls", (await RunAsync(from, used)).Errors, StringComparison.Ordinal);
        Assert.Contains(
            "does not exist. Check --from",
            (await RunAsync($"sqlite:{_folder.FullName}/none.db", used)).Errors,
            StringComparison.Ordinal
        );
        Assert.Contains("are the same database", (await RunAsync(from, from)).Errors, StringComparison.Ordinal);
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = from });
        var serving = await RunAsync(from, $"sqlite:{_folder.FullName}/target.db");
        Assert.Equal(1, serving.Code);
        Assert.Contains("A gateway serves traffic on PostgreSQL", serving.Errors, StringComparison.Ordinal);
    }

    [
        Theory,
        InlineData("nonsense", "--from has no known form"),
        InlineData("mysql://root@no-such-host.invalid/name", "this build of the gateway speaks")
    ]
    public async Task An_address_that_cannot_be_is_named(string from, string fault)
    {
        var run = await RunAsync(from, $"sqlite:{_folder.FullName}/target.db");
        Assert.Equal(1, run.Code);
        Assert.Contains(
            BuildFlavour.HasMySql && from != "nonsense" ? "MySQL or MariaDB at no-such-host.invalid:3306" : fault,
            run.Errors,
            StringComparison.Ordinal
        );
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static DateTime Moment => new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddMicroseconds(891_234);

    private static DatabaseUrl Parse(string text) =>
        DatabaseUrl.TryParse(text, out var url) ? url : throw new ArgumentException("no URL", nameof(text));

    private static Task<GatewayCommand> RunAsync(string from, string to) =>
        GatewayCommand.RunAsync(["database", "copy", "--from", from, "--to", to], new Dictionary<string, string>());

    private async Task<string> UrlAsync(TestDatabase database) =>
        await TestDatabases.CreateAsync(database) ?? $"sqlite:{_folder.FullName}/{Guid.NewGuid():N}.db";

    // A gateway that was used and stopped.
    private async Task<(string Url, string Key, int Records)> FilledAsync(TestDatabase database)
    {
        var url = await UrlAsync(database);
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = url });
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 5_000_000_000);
        using var client = hub.NewClient(caller.Key.Text);
        HttpResponseMessage last = null!;
        for (var i = 0; i < 3; i++)
        {
            last = await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        }
        await hub.RecordAsync(last);
        await using var db = await hub.Databases.CreateDbContextAsync();
        db.ExchangeRates.Add(
            new Gateway.Core.Storage.Entities.ExchangeRate
            {
                Id = "rate",
                FromCurrency = "EUR",
                ToCurrency = "RUB",
                Rate = 1.2345678901m,
                UpdatedAt = Moment,
            }
        );
        await db.SaveChangesAsync();
        return (url, caller.Key.Text, 3);
    }

    private sealed class StopAfter(long rows, CancellationTokenSource stop) : IProgress<Gateway.Core.Ledger.WorkProgress>
    {
        public void Report(Gateway.Core.Ledger.WorkProgress value)
        {
            if (value.Done >= rows)
            {
                stop.Cancel();
            }
        }
    }
}

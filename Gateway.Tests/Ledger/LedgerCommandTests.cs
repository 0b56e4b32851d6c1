using System.Text.Json;
using Gateway.Core.Keys;
using Gateway.Core.Ledger;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>The ledger on the command line, on the folder of a gateway.</summary>
public sealed class LedgerCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-ledger-");

    [Fact]
    public async Task Check_and_export_work_beside_a_running_gateway_and_rebuild_does_not()
    {
        await using var hub = await HubHost.StartAsync(folder: _folder);
        var id = (await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")))).Id;

        var (code, text) = await RunAsync("check");
        Assert.Equal((0, 1L), (code, JsonElement.Parse(text).GetProperty("records").GetInt64()));
        (code, text) = await RunAsync("export");
        Assert.Equal((0, id), (code, JsonElement.Parse(text).GetProperty("id").GetString()));
        (code, _) = await RunAsync("rebuild");
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task A_check_that_finds_something_ends_with_1_and_a_rebuild_mends_it()
    {
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
            await using var db = await hub.Databases.CreateDbContextAsync();
            await db.UserAccounts.ExecuteUpdateAsync(a => a.SetProperty(x => x.TotalSpentNanoUsd, x => x.TotalSpentNanoUsd + 1));
        }
        Assert.Equal(1, (await RunAsync("check")).Code);
        Assert.Equal(0, (await RunAsync("rebuild")).Code);
        Assert.Equal(0, (await RunAsync("check")).Code);
    }

    [Fact]
    public async Task The_csv_has_a_line_of_names_and_one_for_each_row()
    {
        await using var hub = await HubHost.StartAsync(folder: _folder);
        for (var i = 0; i < 3; i++)
        {
            await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        }
        var lines = (await RunAsync("export", "--format", "csv")).Text.Split("\r\n");
        Assert.Equal((5, string.Join(',', LedgerExport.ColumnNames), ""), (lines.Length, lines[0], lines[4]));
        Assert.All(lines[1..4], line => Assert.Equal(LedgerExport.ColumnNames.Count, line.Split(',').Length));
    }

    [Fact]
    public void The_page_lists_the_columns_of_an_export_in_their_order()
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "ledger.md"));
        Assert.Equal(LedgerExport.ColumnNames, page.Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')[1]));
    }

    [Fact]
    public async Task The_upstreams_own_figures_are_compared()
    {
        await using var hub = await HubHost.StartAsync(folder: _folder);
        await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        var (code, text) = await RunAsync("reconcile");
        Assert.Equal((0, 1L), (code, JsonElement.Parse(text).GetProperty("matched").GetInt64()));
    }

    [Theory]
    [InlineData]
    [InlineData("destroy")]
    [InlineData("export", "--format", "xml")]
    public async Task Another_word_shows_what_there_is(params string[] words) => Assert.Equal(2, (await RunAsync(words)).Code);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task<(int Code, string Text)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        var environment = new Dictionary<string, string> { ["DATA_DIR"] = _folder.FullName, ["JWT_SECRET"] = Base62.Random(48) };
        var code = await LedgerCommand.RunAsync(words, environment, output, TextWriter.Null);
        return (code, output.ToString());
    }
}

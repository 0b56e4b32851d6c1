using System.Text.Json;
using Gateway.Core.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Commands;

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

    [Theory, InlineData("ndjson"), InlineData("csv")]
    public async Task A_file_gets_what_standard_output_would_and_replaces_the_one_before(string format)
    {
        await using var hub = await HubHost.StartAsync(folder: _folder);
        await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        var file = Path.Combine(_folder.FullName, "rows");
        await File.WriteAllTextAsync(file, new string('x', 100_000));
        Assert.Equal((0, ""), await RunAsync("export", "--format", format, "--output", file));
        Assert.Equal((await RunAsync("export", "--format", format)).Text, await File.ReadAllTextAsync(file));
        Assert.False(File.Exists(file + ".unfinished"));
    }

    [Theory, InlineData("/sys/rows"), InlineData("/no/such/folder/rows")]
    public async Task A_file_that_cannot_be_written_is_told(string file)
    {
        await using (await HubHost.StartAsync(folder: _folder)) { }
        var run = await GatewayCommand.RunAsync(
            ["ledger", "export", "-o", file],
            new Dictionary<string, string> { ["DATA_DIR"] = _folder.FullName }
        );
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"--output {file} cannot be written: ", run.Errors, StringComparison.Ordinal);
    }

    [Theory, InlineData("check"), InlineData("rebuild"), InlineData("export")]
    public async Task Progress_is_shown_at_a_terminal_and_never_among_the_rows(string command)
    {
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        }
        var settings = new Dictionary<string, string> { ["DATA_DIR"] = _folder.FullName };
        var shown = await GatewayCommand.RunAsync(["ledger", command], settings, showsProgress: true);
        var quiet = await GatewayCommand.RunAsync(["ledger", command], settings);
        Assert.Equal((quiet.Output, ""), (shown.Output, quiet.Errors));
        Assert.Contains("1 of 1 rows", shown.Errors, StringComparison.Ordinal);
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
        var run = await GatewayCommand.RunAsync(["ledger", .. words], new Dictionary<string, string> { ["DATA_DIR"] = _folder.FullName });
        return (run.Code, run.Output);
    }
}

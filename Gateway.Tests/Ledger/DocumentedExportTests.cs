using Gateway.Core.Ledger;
using Gateway.Hosting;
using Gateway.Tests.Deployment;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.Ledger;

/// <summary>
/// The commands of the documentation, run as they are written by a shell at the root of the sources: what they export is CSV from the first
/// byte to the last.
/// </summary>
[Collection(ReleaseBuild.Name)]
public sealed class DocumentedExportTests(ReleaseBuild build) : IDisposable
{
    private const string File = "ledger.csv";
    private const int Calls = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8); // the first of them looks whether all is built

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-export-");

    [Fact]
    public async Task Every_documented_export_is_csv()
    {
        await SeedAsync();
        var target = Path.Combine(build.Source, File);
        var commands = new[] { "README.md", Path.Combine("docs", "ledger.md") }
            .SelectMany(page => System.IO.File.ReadLines(Path.Combine(Repository.Root, page)))
            .Where(line =>
                line.StartsWith("dotnet ", StringComparison.Ordinal)
                && line.Contains("ledger export", StringComparison.Ordinal)
                && line.Contains("csv", StringComparison.Ordinal)
            )
            .Select(line => line.Split('#')[0].Trim())
            .Distinct()
            .ToList();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            Assert.Contains(File, command, StringComparison.Ordinal);
            Assert.False(System.IO.File.Exists(target), $"{target} is in the way.");
            try
            {
                var settings = new Dictionary<string, string>(ReleaseBuild.Settings) { ["DATA_DIR"] = _folder.FullName };
                await ProgramRun.RequireAsync("/bin/sh", ["-c", command], build.Source, Limit, settings);
                IsTheLedger(await System.IO.File.ReadAllTextAsync(target));
            }
            finally
            {
                System.IO.File.Delete(target);
            }
        }
    }

    [Fact]
    public async Task The_programs_own_output_is_csv_whatever_it_logs()
    {
        await SeedAsync();
        var settings = new Dictionary<string, string>
        {
            ["DATA_DIR"] = _folder.FullName,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Microsoft"] = "Debug",
        };
        var target = Path.Combine(_folder.FullName, "out");
        var command = $"dotnet '{typeof(HubProcess).Assembly.Location}' ledger export --format csv > '{target}'";
        var run = await ProgramRun.RequireAsync("/bin/sh", ["-c", command], _folder.FullName, TimeSpan.FromMinutes(2), settings);
        IsTheLedger(await System.IO.File.ReadAllTextAsync(target));
        Assert.Contains("Microsoft.EntityFrameworkCore", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private static void IsTheLedger(string text)
    {
        var lines = text.Split("\r\n");
        Assert.Equal((Calls + 2, string.Join(',', LedgerExport.ColumnNames), ""), (lines.Length, lines[0], lines[^1]));
        Assert.All(
            lines[1..^1],
            line => Assert.Equal((LedgerExport.ColumnNames.Count, true), (line.Split(',').Length, Guid.TryParse(line.Split(',')[0], out _)))
        );
    }

    private async Task SeedAsync()
    {
        await using var hub = await HubHost.StartAsync(folder: _folder);
        for (var i = 0; i < Calls; i++)
        {
            await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        }
    }
}

using System.CommandLine;
using System.Text.Json;
using Gateway.Admin;
using Gateway.Admin.Imports;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Hosting;

namespace Gateway.Commands;

/// <summary><c>import oneuihub</c>: takes over a database of the original system into the one that the options name.</summary>
internal static class ImportCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private static readonly Option<string> From = new("--from")
    {
        Description = "The original's database: mysql://user:password@host:port/name. It is only read",
        HelpName = "url",
        Required = true,
    };

    private static readonly Option<bool> Applies = new("--apply")
    {
        Description = "Write it; without this, only tell what would be taken over and what would not",
    };

    /// <summary>Declares the commands.</summary>
    public static Command Create(Func<ParseResult, CommandContext> contextOf)
    {
        var hub = new Command("oneuihub", "Users, companies, models, tiers, keys, limits, budgets and calls of a OneUIHub database")
        {
            From,
            Applies,
        };
        hub.SetAction(
            (parsed, _) =>
            {
                var context = contextOf(parsed);
                return CommandRun.WithDatabaseAsync(
                    context,
                    services => RunAsync(parsed, context, services.GetRequiredService<OneUiHubImport>()),
                    services => services.AddOneUiHubImport()
                );
            }
        );
        return new Command("import", "Take over another system's database") { hub };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CommandContext context, OneUiHubImport import)
    {
        if (!DatabaseUrl.TryParse(parsed.GetValue(From)!, out var url) || url.Scheme != "mysql")
        {
            throw new StartFailedException("--from has no known form; expected: mysql://user:password@host:port/name.");
        }
        if (!BuildFlavour.HasMySql)
        {
            throw new StartFailedException($"--from names MySQL or MariaDB; {BuildFlavour.MySqlRemedy}.");
        }
        OneUiHubReport report;
        using (var progress = ProgressBar.For(context, "calls"))
        {
            report = await import.RunAsync(url, isDryRun: !parsed.GetValue(Applies), progress, context.Stop);
        }
        await context.Output.WriteLineAsync(JsonSerializer.Serialize(report, Json));
        if (report.IsDryRun)
        {
            await context.Errors.WriteLineAsync("Nothing was written. With --apply it is.");
        }
        return ExitCodes.Done;
    }
}

using System.CommandLine;
using System.Text.Json;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Copying;
using Gateway.Core.Storage.Providers;
using Gateway.Hosting;

namespace Gateway.Commands;

/// <summary><c>database copy</c>: moves a gateway from one database to another.</summary>
internal static class DatabaseCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private static readonly Option<string> From = new("--from")
    {
        Description = "The database to copy, as in DATABASE_URL; stop its gateway first",
        HelpName = "url",
        Required = true,
    };

    private static readonly Option<string> To = new("--to")
    {
        Description = "The database to fill: empty, or left behind by the same copy when it was stopped",
        HelpName = "url",
        Required = true,
    };

    /// <summary>Declares the commands. They return 0; 1 when one could not run, or when the copy differs.</summary>
    public static Command Create(Func<ParseResult, CommandContext> contextOf)
    {
        var copy = new Command("copy", "Copies a database into an empty one, of the same kind or another, and checks the copy")
        {
            From,
            To,
        };
        copy.SetAction(
            (parsed, _) =>
            {
                var context = contextOf(parsed);
                return CommandRun.RunAsync(context, () => CopyAsync(parsed, context));
            }
        );
        return new Command("database", "Move the gateway's database") { copy };
    }

    private static async Task<int> CopyAsync(ParseResult parsed, CommandContext context)
    {
        var (from, to) = (UrlOf(parsed, From), UrlOf(parsed, To));
        CopyReport report;
        using (var progress = ProgressBar.For(context, "rows"))
        {
            report = await DatabaseCopy.RunAsync(from, to, progress, context.Stop);
        }
        await context.Output.WriteLineAsync(JsonSerializer.Serialize(report, Json));
        return report.IsWhole && report.Ledger.IsClean ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static DatabaseUrl UrlOf(ParseResult parsed, Option<string> option)
    {
        if (!DatabaseUrl.TryParse(parsed.GetValue(option)!, out var url))
        {
            throw new StartFailedException(
                $"{option.Name} has no known form; expected: sqlite:<file>, postgres://user:password@host:port/name or "
                    + "mysql://user:password@host:port/name."
            );
        }
        return url.Scheme != "mysql" || BuildFlavour.HasMySql
            ? url
            : throw new StartFailedException($"{option.Name} names MySQL or MariaDB; {BuildFlavour.MySqlRemedy}.");
    }
}

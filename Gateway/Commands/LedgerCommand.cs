using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Core.Ledger;
using Gateway.Hosting;
using Gateway.Ledger;
using Gateway.Limits.Budgets;

namespace Gateway.Commands;

/// <summary>
/// <c>ledger check|rebuild|export|retry|reconcile</c> on the command line: works on the database that the options name, beside a running
/// gateway; only <c>rebuild</c> wants it stopped. Each subcommand is one line in <see cref="Create"/> and one method below.
/// </summary>
internal static class LedgerCommand
{
    private const string Ndjson = "ndjson";
    private const string Csv = "csv";
    private const int StandardDays = 7;
    private const int MostDays = 3_650;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private static readonly Option<string> Format = new("--format")
    {
        Description = "How rows are written: ndjson (one JSON object a line) or csv",
        DefaultValueFactory = _ => Ndjson,
    };

    private static readonly Option<string?> OutputFile = new("--output", "-o")
    {
        Description = "The file to write; without it rows go to standard output",
        HelpName = "file",
    };

    private static readonly Option<int> Days = new("--days")
    {
        Description = $"How many days back, 1 to {MostDays}",
        HelpName = "N",
        DefaultValueFactory = _ => StandardDays,
    };

    static LedgerCommand()
    {
        Format.AcceptOnlyFromAmong(Ndjson, Csv);
        Days.Validators.Add(given =>
        {
            if (given.Tokens.Count == 1 && (!int.TryParse(given.Tokens[0].Value, out var days) || days is < 1 or > MostDays))
            {
                given.AddError($"--days is \"{given.Tokens[0].Value}\"; expected: a whole number from 1 to {MostDays}.");
            }
        });
    }

    /// <summary>
    /// Declares the commands. They return 0; 1 when one could not run, or when a check or a comparison found differences.
    /// </summary>
    public static Command Create(Func<ParseResult, CommandContext> contextOf)
    {
        return new Command("ledger", "Check, mend and export the ledger")
        {
            Subcommand("check", "Compares every counter with the ledger's rows", CheckAsync),
            Subcommand("rebuild", "Sets right what differs; the gateway must be stopped", RebuildAsync),
            Subcommand("export", "Writes the rows out, the oldest first", ExportAsync, Format, OutputFile),
            Subcommand("retry", "Tries the calls again that the database did not take", RetryAsync),
            Subcommand("reconcile", "Compares charges with the upstream's own figures", ReconcileAsync, Days),
        };

        Command Subcommand(
            string name,
            string description,
            Func<ParseResult, CommandContext, IServiceProvider, Task<int>> run,
            params Option[] options
        )
        {
            var command = new Command(name, description);
            Array.ForEach(options, command.Add);
            command.SetAction(
                (parsed, _) =>
                {
                    var context = contextOf(parsed);
                    return CommandRun.WithDatabaseAsync(context, services => run(parsed, context, services));
                }
            );
            return command;
        }
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CommandContext context, IServiceProvider services)
    {
        LedgerReport report;
        using (var progress = ProgressBar.For(context, "rows"))
        {
            report = await services.GetRequiredService<LedgerAudit>().CheckAsync(context.Stop, progress);
        }
        await context.Output.WriteLineAsync(JsonSerializer.Serialize(report, Json));
        return report.IsClean ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<int> RetryAsync(ParseResult parsed, CommandContext context, IServiceProvider services)
    {
        var outcome = await services.GetRequiredService<SetAsideRetry>().RunAsync(context.Stop);
        await context.Output.WriteLineAsync(JsonSerializer.Serialize(outcome, Json));
        return outcome.Left == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<int> RebuildAsync(ParseResult parsed, CommandContext context, IServiceProvider services)
    {
        if (await services.GetRequiredService<TrafficLock>().TakeAsync(context.Stop) is { } reason)
        {
            throw new StartFailedException(reason);
        }
        LedgerReport report;
        using (var progress = ProgressBar.For(context, "rows"))
        {
            report = await services.GetRequiredService<LedgerAudit>().RebuildAsync(context.Stop, progress);
        }
        await context.Output.WriteLineAsync(JsonSerializer.Serialize(report, Json));
        return ExitCodes.Done;
    }

    private static async Task<int> ReconcileAsync(ParseResult parsed, CommandContext context, IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var compared = await services
            .GetRequiredService<LedgerComparison>()
            .RunAsync(now.AddDays(-parsed.GetValue(Days)), now, context.Stop);
        await context.Output.WriteLineAsync(JsonSerializer.Serialize(compared, Json));
        return compared.Different + compared.OnlyThere == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<int> ExportAsync(ParseResult parsed, CommandContext context, IServiceProvider services)
    {
        var isCsv = parsed.GetValue(Format) == Csv;
        if (parsed.GetValue(OutputFile) is not { } path)
        {
            await WriteRowsAsync(services, context, context.Output, isCsv);
            return ExitCodes.Done;
        }
        var unfinished = path + ".unfinished"; // a file of the wished name is whole, or the one that was there before
        try
        {
            await using (var file = new StreamWriter(unfinished, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                await WriteRowsAsync(services, context, file, isCsv);
            }
            File.Move(unfinished, path, overwrite: true);
            return ExitCodes.Done;
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new StartFailedException($"--output {path} cannot be written: {fault.Message}", fault);
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    private static async Task WriteRowsAsync(IServiceProvider services, CommandContext context, TextWriter output, bool isCsv)
    {
        var export = services.GetRequiredService<LedgerExport>();
        using var progress = ProgressBar.For(context, "rows");
        await (
            isCsv
                ? export.WriteCsvAsync(output, null, null, context.Stop, progress)
                : export.WriteJsonAsync(output, null, null, context.Stop, progress)
        );
        await output.FlushAsync(context.Stop);
    }
}

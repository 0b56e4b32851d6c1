using System.CommandLine;
using Gateway.Commands;
using Gateway.Core.Configuration;
using Gateway.Hosting;

namespace Gateway.Diagnosis;

/// <summary>
/// <c>doctor</c>: looks at everything that a start needs and prints one line for each part, with what to do. It changes nothing, beside a
/// running gateway too. The exit code is that of the worst line: 0, 1 for a warning, 2 for a fault.
/// </summary>
internal static class DoctorCommand
{
    private const int PartWidth = 13;

    /// <summary>Declares the command.</summary>
    public static Command Create(Func<ParseResult, CommandContext> contextOf)
    {
        var doctor = new Command("doctor", "Checks options, data folder, database, journal, upstream, clock and port, and says what to do");
        doctor.SetAction(
            (parsed, _) =>
            {
                var context = contextOf(parsed);
                return CommandRun.RunAsync(context, () => RunAsync(context));
            }
        );
        return doctor;
    }

    private static async Task<int> RunAsync(CommandContext context)
    {
        var worst = FindingLevel.Ok;
        await foreach (var finding in FindAsync(context))
        {
            worst = finding.Level > worst ? finding.Level : worst;
            var (level, part) = (finding.Level.ToString().ToLowerInvariant(), finding.Part.PadRight(PartWidth));
            await context.Output.WriteLineAsync($"{level, -8} {part} {finding.Text.ReplaceLineEndings(" ")}");
            await context.Output.FlushAsync(context.Stop);
        }
        return (int)worst;
    }

    private static async IAsyncEnumerable<Finding> FindAsync(CommandContext context)
    {
        var (options, environment, fault) = ReadOptions(context);
        if (options is null || environment is null)
        {
            foreach (var line in fault!.Split(Environment.NewLine))
            {
                yield return Finding.Fault("options", line);
            }
            yield return Finding.Warning("the rest", "was not looked at: the options say where it is. Fix them and run this again.");
            yield break;
        }
        yield return Finding.Ok(
            "options",
            $"are right; the environment is {environment.EnvironmentName}, the "
                + $"role {options.Server.Role.ToString().ToLowerInvariant()}"
        );
        foreach (var note in EarlierNames.Notes(context.Environment))
        {
            yield return Finding.Warning("options", note);
        }
        yield return FolderCheck.Run(options);
        await using var services = CommandServices.Build(context);
        var (database, databaseTime) = await DatabaseCheck.RunAsync(services, context.Stop);
        yield return database;
        if (options.Server.Role != HubRole.Admin)
        {
            yield return JournalCheck.Run(options.Server);
        }
        var upstreamTimes = new List<TimeSpan>();
        var hasStored = database.Level == FindingLevel.Ok && await DatabaseCheck.HasUpstreamsAsync(services, context.Stop);
        await foreach (var finding in UpstreamCheck.RunAsync(options.Upstream, environment, hasStored, upstreamTimes, context.Stop))
        {
            yield return finding;
        }
        yield return ClockCheck.Run(databaseTime, upstreamTimes);
        yield return await PortCheck.RunAsync(options.Server, context);
    }

    private static (HubOptions? Options, IHostEnvironment? Environment, string? Fault) ReadOptions(CommandContext context)
    {
        try
        {
            var options = CommandServices.ReadOptions(context, out var builder);
            return (options, builder.Environment, null);
        }
        catch (StartFailedException fault)
        {
            return (null, null, fault.Message);
        }
    }
}

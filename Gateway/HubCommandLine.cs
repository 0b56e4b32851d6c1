using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.Commands;
using Gateway.Core.Configuration;
using Gateway.Diagnosis;
using Gateway.Hosting;

namespace Gateway;

/// <summary>
/// The program's command line. Without a command it runs the gateway; a word or an option that it does not know ends it with 2 and starts
/// nothing. Only what is asked for is made: <c>--help</c> and <c>--version</c> read no option and open no database.
/// </summary>
internal static class HubCommandLine
{
    private const string Description = """
        OneUIHub Gateway: between OpenAI clients and LiteLLM or providers. Without a command it runs the gateway.

        Options of the process are environment variables (see appsettings.json); a setting of that file can also be given as
        --Section:Key=value.
        """;

    private static readonly Option<string?> EnvironmentName = new("--environment")
    {
        Description = "Development, Staging or Production; instead of ASPNETCORE_ENVIRONMENT",
        HelpName = "name",
        Recursive = true,
    };

    /// <summary>Runs what a command line asks for.</summary>
    /// <returns>The exit code; see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        if (HostArguments.Split(args, out var words, out var configuration) is { } fault)
        {
            await context.Errors.WriteLineAsync(fault);
            return ExitCodes.Wrong;
        }
        var parsed = Root(context, configuration).Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await context.Errors.WriteLineAsync(error.Message);
            }
            await context.Errors.WriteLineAsync($"\"{PathOf(parsed.CommandResult)} --help\" shows what there is.");
            return ExitCodes.Wrong;
        }
        var invocation = new InvocationConfiguration
        {
            Output = context.Output,
            Error = context.Errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation, CancellationToken.None);
    }

    private static RootCommand Root(CommandContext given, List<string> configuration)
    {
        var root = new RootCommand(Description) { EnvironmentName };
        foreach (var option in root.Options.OfType<VersionOption>())
        {
            option.Action = new VersionAction();
        }
        root.Add(LedgerCommand.Create(ContextOf));
        root.Add(AdminCommand.Create(ContextOf));
        root.Add(DatabaseCommand.Create(ContextOf));
        root.Add(ImportCommand.Create(ContextOf));
        root.Add(DoctorCommand.Create(ContextOf));
        root.Add(SandboxCommand.Create(ContextOf));
        root.SetAction((parsed, _) => HubProcess.RunAsync(ContextOf(parsed)));
        return root;

        CommandContext ContextOf(ParseResult parsed) =>
            given with
            {
                HostArguments = parsed.GetValue(EnvironmentName) is { } name
                    ? [.. configuration, "--environment", name]
                    : [.. configuration],
            };
    }

    private static string PathOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent
            ? $"{PathOf(parent)} {command.Command.Name}"
            : command.Command.Name;

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(ProductVersion.Text);
            return ExitCodes.Done;
        }
    }
}

using System.CommandLine;
using Gateway.Hosting;
using Gateway.Sandbox.Providers;

namespace Gateway.Commands;

/// <summary>
/// <c>sandbox</c>: a provider's server on this machine, to try the gateway with a provider's key without having one. It runs until it is
/// stopped.
/// </summary>
internal static class SandboxCommand
{
    private static readonly Argument<string> Kind = new("provider") { Description = "Whose server" };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "Where it listens on 127.0.0.1; 0 takes any free one",
        HelpName = "number",
    };

    private static readonly Option<string?> Key = new("--key") { Description = "The key that it wants; without one it makes it up" };

    /// <summary>Declares the command.</summary>
    public static Command Create(Func<ParseResult, CommandContext> contextOf)
    {
        Kind.AcceptOnlyFromAmong([.. ProviderHost.Kinds]);
        Port.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is < 0 or > 65_535)
            {
                result.AddError("--port takes a number from 0 to 65535.");
            }
        });
        var sandbox = new Command("sandbox", "Runs a provider's scripted server on this machine, for trying things out")
        {
            Kind,
            Port,
            Key,
        };
        sandbox.SetAction(
            (parsed, _) =>
            {
                var context = contextOf(parsed);
                return CommandRun.RunAsync(context, () => RunAsync(parsed, context));
            }
        );
        return sandbox;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        var kind = parsed.GetValue(Kind)!;
        var options = new ProviderOptions
        {
            Kind = kind,
            Port = parsed.GetValue(Port),
            ApiKey = parsed.GetValue(Key),
        };
        await using var provider = await ProviderHost.StartAsync(options, context.Stop);
        await context.Output.WriteLineAsync($"{kind} listens on {provider.BaseAddress} with the key {provider.ApiKey}");
        await context.Output.FlushAsync(context.Stop);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Stop);
        return ExitCodes.Done;
    }
}

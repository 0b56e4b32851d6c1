using Gateway.Core.Keys;
using Gateway.Hosting;

namespace Gateway.Tests.Support;

/// <summary>A command of the program, run in this process with an environment of its own.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record GatewayCommand(int Code, string Output, string Errors)
{
    public static async Task<GatewayCommand> RunAsync(
        string[] words,
        IReadOnlyDictionary<string, string> settings,
        string input = "",
        Func<string?>? readHidden = null,
        bool showsProgress = false,
        CancellationToken stop = default
    )
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var lines = new StringReader(input);
        var environment = new Dictionary<string, string>(settings);
        environment.TryAdd("JWT_SECRET", Base62.Random(48));
        environment.TryAdd("PASSWORD_ITERATIONS", "1000");
        var context = new CommandContext
        {
            Environment = environment,
            Output = output,
            Errors = errors,
            Input = lines,
            ReadHidden = readHidden,
            ShowsProgress = showsProgress,
            Stop = stop,
        };
        var code = await HubCommandLine.RunAsync(words, context);
        return new GatewayCommand(code, output.ToString(), errors.ToString());
    }
}

using System.Collections;

namespace Gateway.Hosting;

/// <summary>What a command works with: the process's own, or what a test puts in its place.</summary>
internal sealed record CommandContext
{
    private static readonly TextReader NoInput = TextReader.Null;

    /// <summary>The environment variables.</summary>
    public required IDictionary Environment { get; init; }

    /// <summary>Results, and nothing else.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Faults, questions and progress.</summary>
    public required TextWriter Errors { get; init; }

    /// <summary>What a command may read, line by line.</summary>
    public TextReader Input { get; init; } = NoInput;

    /// <summary>Asks a person at a terminal for a text that is not shown; null: nobody sits there.</summary>
    public Func<string?>? ReadHidden { get; init; }

    /// <summary>Whether a person sees <see cref="Errors"/>: only then is progress shown.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>What of the command line is for ASP.NET's configuration.</summary>
    public string[] HostArguments { get; init; } = [];

    /// <summary>The folder whose file <c>.env</c> is read; null: none.</summary>
    public string? DotEnvFolder { get; init; }

    /// <summary>Cancelled when the process is to end.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>What a command that was stopped returns.</summary>
    public Func<int> StoppedExitCode { get; init; } = () => ExitCodes.Failed;

    /// <summary>The process's own.</summary>
    public static CommandContext OfProcess(StopSignals signals) =>
        new()
        {
            Environment = System.Environment.GetEnvironmentVariables(),
            Output = Console.Out,
            Errors = Console.Error,
            Input = Console.In,
            ReadHidden = Console.IsInputRedirected ? null : ReadHiddenLine,
            ShowsProgress = !Console.IsErrorRedirected,
            DotEnvFolder = Directory.GetCurrentDirectory(),
            Stop = signals.Token,
            StoppedExitCode = () => signals.ExitCode,
        };

    /// <summary>Adds the variables of the file <c>.env</c> that are not set, to the process too: ASP.NET reads some of them by
    /// itself.</summary>
    /// <exception cref="StartFailedException">A line of it is wrong.</exception>
    public void ReadDotEnv()
    {
        if (DotEnvFolder is null)
        {
            return;
        }
        DotEnvFile.Apply(DotEnvFolder);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            Environment[variable.Key] = variable.Value;
        }
    }

    private static string? ReadHiddenLine()
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return text.ToString();
                case ConsoleKey.Backspace:
                    text.Length = Math.Max(0, text.Length - 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        text.Append(key.KeyChar);
                    }
                    break;
            }
        }
    }
}

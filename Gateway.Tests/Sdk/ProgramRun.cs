using System.Diagnostics;
using System.Text;

namespace Gateway.Tests.Sdk;

/// <summary>What a program that ran to its end, or to its deadline, left behind.</summary>
/// <param name="ExitCode">The program's; null when it was killed at the deadline.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Errors">What it wrote to its standard error.</param>
internal sealed record ProgramRun(int? ExitCode, string Output, string Errors)
{
    /// <summary>Runs a program; one that is not done in time is killed with all that it started.</summary>
    public static async Task<ProgramRun> RunAsync(
        string program,
        string[] arguments,
        string folder,
        TimeSpan limit,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = Gather(process, (p, take) => p.OutputDataReceived += take);
        var errors = Gather(process, (p, take) => p.ErrorDataReceived += take);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new ProgramRun(process.ExitCode, Text(output), Text(errors));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return new ProgramRun(null, Text(output), $"Killed after {limit.TotalSeconds} s.\n{Text(errors)}");
        }
    }

    /// <summary>Runs a program that has to succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; with all it wrote.</exception>
    public static async Task<ProgramRun> RequireAsync(
        string program,
        string[] arguments,
        string folder,
        TimeSpan limit,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var run = await RunAsync(program, arguments, folder, limit, environment);
        return run.ExitCode == 0
            ? run
            : throw new InvalidOperationException(
                $"'{program} {string.Join(' ', arguments)}' ended with {run.ExitCode?.ToString() ?? "a kill"}.\n{run.Output}\n{run.Errors}"
            );
    }

    private static StringBuilder Gather(Process process, Action<Process, DataReceivedEventHandler> subscribe)
    {
        var text = new StringBuilder();
        subscribe(
            process,
            (_, line) =>
            {
                lock (text)
                {
                    text.AppendLine(line.Data);
                }
            }
        );
        return text;
    }

    private static string Text(StringBuilder gathered)
    {
        lock (gathered)
        {
            return gathered.ToString();
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Gateway.Hosting;

namespace Gateway.Tests.Support;

/// <summary>The program as a process of its own, with signals, in a folder of its own that is deleted at the end.</summary>
internal sealed class HubProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;
    private Task<string> _errors = null!;

    private HubProgram(DirectoryInfo? folder)
    {
        _ownsFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("hub-program-");
    }

    public Process Process { get; private set; } = null!;

    /// <summary>Starts it in Development, on a free port.</summary>
    public static HubProgram Start(string[] words, DirectoryInfo? folder = null, params (string Name, string Value)[] settings)
    {
        var program = new HubProgram(folder);
        // Whoever runs the tests in the background has their children ignore SIGINT and SIGQUIT; this one is to hear all signals.
        var start = new ProcessStartInfo("env", ["--default-signal", "dotnet", typeof(HubProcess).Assembly.Location, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = program._folder.FullName,
        };
        (string, string)[] standard =
        [
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("SERVER_PORT", "0"),
            ("DATA_DIR", Path.Combine(program._folder.FullName, "data")),
            ("PASSWORD_ITERATIONS", "1000"),
            ("WARM_UP_SECONDS", "0"),
        ];
        foreach (var (name, value) in standard.Concat(settings))
        {
            start.Environment[name] = value;
        }
        program.Process = Process.Start(start)!;
        program._errors = program.Process.StandardError.ReadToEndAsync();
        return program;
    }

    /// <summary>Reads its output up to a line.</summary>
    public async Task<string> ReadLineAsync(string part)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await Process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }
        throw new InvalidOperationException($"It ended before it said \"{part}\": {await _errors}");
    }

    /// <summary>Where it listens, once it does.</summary>
    public async Task<Uri> AddressAsync() =>
        new((await ReadLineAsync("listens on ")).Split("listens on ")[1].Replace("localhost", "127.0.0.1", StringComparison.Ordinal));

    /// <summary>Sends a signal: TERM, INT, ...</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The exit code and what it wrote to standard error, once it has ended; a signal that ended it counts as 128 and its
    /// number.</summary>
    public async Task<(int Code, string Errors)> EndAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        await Process.WaitForExitAsync(deadline.Token);
        return (Process.ExitCode, await _errors);
    }

    /// <summary>Whether the process has a file open.</summary>
    public bool HasOpen(string path)
    {
        try
        {
            return Directory
                .EnumerateFiles($"/proc/{Process.Id}/fd")
                .Any(fd => File.ResolveLinkTarget(fd, returnFinalTarget: false)?.FullName == path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false; // a file was closed in this moment
        }
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
        }
        Process.Dispose();
        if (_ownsFolder)
        {
            _folder.Delete(recursive: true);
        }
    }
}

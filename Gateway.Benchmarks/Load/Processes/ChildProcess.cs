using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace Gateway.Benchmarks.Load.Processes;

/// <summary>
/// One more process of this program: what it uses is its own and not the harness's. Lines that are no answer (its log) go to standard
/// error.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();

    private ChildProcess(Process process)
    {
        _process = process;
        _ = ReadAllAsync();
    }

    /// <summary>Where it listens; 0 for one that does not.</summary>
    public int Port { get; private set; }

    /// <summary>Starts <c>load</c> with these arguments and waits until it is ready.</summary>
    public static Task<ChildProcess> StartAsync(params string[] arguments) => StartAsync(new Dictionary<string, string>(), arguments);

    /// <summary>The same, with environment variables beside those of this process.</summary>
    public static async Task<ChildProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ChildProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. self, "load", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (arguments[0] == "gateway")
        {
            start.Environment["DOTNET_gcServer"] = "0"; // as the gateway's own program has it
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        var child = new ChildProcess(Process.Start(start)!);
        child.Port = (await child.ReadAsync<Listening>()).Port;
        return child;
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    public async Task<T> AskAsync<T>(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync<T>();
    }

    /// <summary>Ends it: closing its input is the sign to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private async Task<T> ReadAsync<T>()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return JsonSerializer.Deserialize<T>(await _answers.Reader.ReadAsync(patience.Token))!;
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException("A process of the harness ended; what it said stands above.");
        }
    }

    // All the time: a child that nobody listens to stops when the pipe is full of its log.
    private async Task ReadAllAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ControlLoop.AnswerMark, StringComparison.Ordinal))
            {
                _answers.Writer.TryWrite(line[ControlLoop.AnswerMark.Length..]);
            }
            else
            {
                await Console.Error.WriteLineAsync(line);
            }
        }
        _answers.Writer.Complete();
    }
}

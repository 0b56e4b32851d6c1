using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Benchmarks.Load.Client;

namespace Gateway.Benchmarks.Operator;

/// <summary>
/// A server that was started as an operator starts it, as a process of its own whose output goes to a file. What it uses is read from the
/// system: nothing of the measurement runs in it.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);
    private static readonly double MicrosecondsPerTick = 1e6 / 100; // the kernel's unit in /proc, the same on all of Linux

    private readonly Process _process;
    private readonly long _begin;

    private ServerProcess(Process process, int port, long begin)
    {
        _process = process;
        _begin = begin;
        Port = port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its address.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>Starts <c>dotnet program arguments</c>.</summary>
    /// <param name="program">The assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its variables; <c>{port}</c> in a value becomes the port that it is to listen on.</param>
    /// <param name="output">The file that its output is added to.</param>
    public static ServerProcess Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string output
    )
    {
        var port = FreePort();
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$@\" >> \"$0\" 2>&1", output, program, .. arguments]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
        var begin = Stopwatch.GetTimestamp();
        return new ServerProcess(Process.Start(start)!, port, begin);
    }

    /// <summary>Asks until it has answered a call.</summary>
    /// <returns>The time since its start.</returns>
    public async Task<TimeSpan> FirstAnswerAsync(byte[] call)
    {
        while (await TryCallAsync(call) != StatusCodes.Status200OK)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(_begin) > Patience)
            {
                throw new InvalidOperationException($"The server did not answer; its output tells why ({_process.StartInfo.Arguments}).");
            }
            await Task.Delay(LookInterval);
        }
        return Stopwatch.GetElapsedTime(_begin);
    }

    /// <summary>User and kernel time of all its threads since the start, in microseconds.</summary>
    public double CpuMicroseconds()
    {
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // a program's name may hold spaces
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture))
            * MicrosecondsPerTick;
    }

    /// <summary>Resident memory, in megabytes.</summary>
    public double ResidentMegabytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024d;
    }

    /// <summary>Asks it to stop, as systems do, and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }
        _process.Dispose();
    }

    private async Task<int> TryCallAsync(byte[] call)
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(Port);
            return await connection.CallAsync(call);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return 0; // it does not listen yet
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

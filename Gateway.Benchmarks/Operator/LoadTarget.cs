using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Load.Client;
using Gateway.Benchmarks.Load.Processes;

namespace Gateway.Benchmarks.Operator;

/// <summary>A server under load, and the calls that it has answered.</summary>
/// <param name="name">As the report calls it.</param>
/// <param name="server">The process.</param>
/// <param name="allocatedPath">The path that tells what it has allocated.</param>
/// <param name="client">The load generator.</param>
/// <param name="apiKey">The caller's key.</param>
internal sealed partial class LoadTarget(string name, ServerProcess server, string allocatedPath, ChildProcess client, string apiKey)
{
    // The ledger's last batch belongs to the calls that were made
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _http = new() { BaseAddress = server.Address };

    public string Name => name;

    public ServerProcess Server => server;

    /// <summary>Calls that it has answered.</summary>
    public long Calls { get; private set; }

    /// <summary>The most resident memory after a measurement, in megabytes.</summary>
    public double MostMegabytes { get; private set; }

    /// <summary>Puts load on it and reads what that cost. The upstream's pause is to be set before.</summary>
    public async Task<Sample> MeasureAsync(Scenario scenario, int milliseconds)
    {
        var (cpu, bytes) = (server.CpuMicroseconds(), await AllocatedAsync());
        var result = await client.AskAsync<LoadResult>(
            System.Text.Json.JsonSerializer.Serialize(
                new LoadJob
                {
                    Port = server.Port,
                    ApiKey = apiKey,
                    Stream = scenario.Stream,
                    Connections = scenario.Connections,
                    Milliseconds = milliseconds,
                    Rate = scenario.Rate,
                }
            )
        );
        if (result is not { Calls: > 0, Failures: 0 })
        {
            throw new InvalidOperationException($"{name}: {result.Calls} calls were answered with 200, {result.Failures} were not.");
        }
        await Task.Delay(Rest);
        Calls += result.Calls;
        MostMegabytes = Math.Max(MostMegabytes, server.ResidentMegabytes());
        return new Sample(
            (server.CpuMicroseconds() - cpu) / result.Calls,
            (await AllocatedAsync() - bytes) / result.Calls,
            result.CallsPerSecond,
            result.MedianMicroseconds,
            result.P99Microseconds,
            result.Calls
        );
    }

    private async Task<double> AllocatedAsync() =>
        double.Parse(Allocated().Match(await _http.GetStringAsync(allocatedPath)).Groups[1].Value, CultureInfo.InvariantCulture);

    // The figure alone, or the line of the metrics.
    [GeneratedRegex(@"(?:^|\ndotnet_gc_heap_total_allocated_bytes_total(?:\{\})? )([0-9.e+]+)")]
    private static partial Regex Allocated();
}

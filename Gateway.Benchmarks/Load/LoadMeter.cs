using System.Text.Json;
using Gateway.Benchmarks.Load.Client;
using Gateway.Benchmarks.Load.Processes;

namespace Gateway.Benchmarks.Load;

/// <summary>Puts load on one target at a time and reads what it cost that process.</summary>
internal sealed class LoadMeter(LoadPlan plan, ChildProcess upstream, ChildProcess client, string apiKey)
{
    private const int FewMethods = 25;

    // The usage writer's last batch belongs to the calls that were made
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Puts load on targets until their JIT has next to nothing left to compile: what it does by the way is no cost of a call.
    /// </summary>
    /// <returns>The calls made, by target.</returns>
    public async Task<IReadOnlyDictionary<ChildProcess, long>> WarmUpAsync(params IReadOnlyList<ChildProcess> targets)
    {
        var calls = targets.ToDictionary(t => t, _ => 0L);
        foreach (var target in targets)
        {
            for (var (round, compiled) = (0, 0L); round < plan.WarmUpRounds; round++)
            {
                foreach (var scenario in new[] { Scenario.Plain, Scenario.BurstStream })
                {
                    await SetPauseAsync(scenario.PauseMilliseconds);
                    calls[target] += (await MeasureAsync(target, scenario)).Calls;
                }
                var methods = (await target.AskAsync<ProcessFigures>("figures")).CompiledMethods;
                if (methods - compiled < FewMethods)
                {
                    break;
                }
                compiled = methods;
            }
        }
        return calls;
    }

    /// <summary>Measures once. The upstream's pause is to be set before.</summary>
    public async Task<Sample> MeasureAsync(ChildProcess target, Scenario scenario)
    {
        var before = await target.AskAsync<ProcessFigures>("figures");
        var result = await AskClientAsync(
            new LoadJob
            {
                Port = target.Port,
                ApiKey = apiKey,
                Stream = scenario.Stream,
                Connections = scenario.Connections,
                Milliseconds = plan.Milliseconds,
                Rate = scenario.Rate,
            }
        );
        await Task.Delay(Rest);
        var after = await target.AskAsync<ProcessFigures>("figures");
        return new Sample(
            (after.CpuMicroseconds - before.CpuMicroseconds) / result.Calls,
            (double)(after.AllocatedBytes - before.AllocatedBytes) / result.Calls,
            result.CallsPerSecond,
            result.MedianMicroseconds,
            result.P99Microseconds,
            result.Calls
        );
    }

    /// <summary>What the upstream waits between two chunks from now on.</summary>
    public Task SetPauseAsync(int milliseconds) => upstream.AskAsync<object>($"pause {milliseconds}");

    /// <summary>Runs a job of the load generator; all calls must be answered.</summary>
    public async Task<LoadResult> AskClientAsync(LoadJob job)
    {
        var result = await client.AskAsync<LoadResult>(JsonSerializer.Serialize(job));
        return result is { Calls: > 0, Failures: 0 }
            ? result
            : throw new InvalidOperationException(
                $"{result.Calls} calls were answered with 200 and {result.Failures} were not: nothing to measure."
            );
    }
}

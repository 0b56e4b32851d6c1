using System.Text.Json;
using Gateway.Benchmarks.Load.Client;
using Gateway.Benchmarks.Load.Processes;
using Gateway.Benchmarks.Load.Servers;

namespace Gateway.Benchmarks.Load;

/// <summary>One measurement of one target.</summary>
internal sealed record Sample(double CpuMicroseconds, double AllocatedBytes, double CallsPerSecond, double MedianMicroseconds, double P99Microseconds);

/// <summary>Both targets under one load, round by round.</summary>
internal sealed record Comparison(Scenario Scenario, IReadOnlyList<Sample> Yarp, IReadOnlyList<Sample> Gateway);

/// <summary>What open streams cost, per stream, in bytes.</summary>
internal sealed record OpenStreamCost(string Target, int Streams, double HeapBytes, double WorkingSetBytes);

/// <summary>Whether the ledger holds every call that was answered.</summary>
internal sealed record LedgerCheck(long Answered, long Recorded, long TotalCostNanoUsd);

/// <summary>Puts load on YARP and on the gateway in turn and reads what it cost each of them.</summary>
internal sealed class LoadRun(LoadPlan plan, ChildProcess upstream, ChildProcess client, ChildProcess yarp, ChildProcess gateway, string apiKey)
{
    private const int FewMethods = 25;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);   // the usage writer's last batch belongs to the calls that were made

    private long _gatewayCalls;

    /// <summary>Puts load on a target until its JIT has next to nothing left to compile: what it does by the way is no cost of a call.</summary>
    public async Task WarmUpAsync()
    {
        foreach (var target in new[] { yarp, gateway })
        {
            for (var (round, compiled) = (0, 0L); round < plan.WarmUpRounds; round++)
            {
                foreach (var scenario in new[] { Scenario.Plain, Scenario.BurstStream })
                {
                    await SetPauseAsync(scenario.PauseMilliseconds);
                    await MeasureAsync(target, scenario, plan.Milliseconds);
                }
                var methods = (await target.AskAsync<ProcessFigures>("figures")).CompiledMethods;
                if (methods - compiled < FewMethods)
                {
                    break;
                }
                compiled = methods;
            }
        }
    }

    public async Task<Comparison> CompareAsync(Scenario scenario)
    {
        await SetPauseAsync(scenario.PauseMilliseconds);
        var samples = new Dictionary<ChildProcess, List<Sample>> { [yarp] = [], [gateway] = [] };
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var target in round % 2 == 0 ? new[] { yarp, gateway } : [gateway, yarp])
            {
                samples[target].Add(await MeasureAsync(target, scenario, plan.Milliseconds));
            }
        }
        return new Comparison(scenario, samples[yarp], samples[gateway]);
    }

    public async Task<LedgerCheck> CheckLedgerAsync()
    {
        var found = await gateway.AskAsync<LedgerCount>($"records {_gatewayCalls}");
        return new LedgerCheck(_gatewayCalls, found.Records, found.TotalCostNanoUsd);
    }

    public async Task<IReadOnlyList<OpenStreamCost>> HoldStreamsAsync()
    {
        await SetPauseAsync(Scenario.BurstStream.PauseMilliseconds);
        await MeasureAsync(yarp, Scenario.BurstStream, plan.Milliseconds);
        await MeasureAsync(gateway, Scenario.BurstStream, plan.Milliseconds);
        await SetPauseAsync(1_000);
        return [await HoldStreamsAsync("bare YARP", yarp), await HoldStreamsAsync("gateway", gateway)];
    }

    private async Task<OpenStreamCost> HoldStreamsAsync(string name, ChildProcess target)
    {
        var before = await target.AskAsync<ProcessFigures>("collect");
        await AskClientAsync(new LoadJob { Port = target.Port, ApiKey = apiKey, Stream = true, Connections = plan.OpenStreams, KeepOpen = true });
        await Task.Delay(2_000);
        var during = await target.AskAsync<ProcessFigures>("collect");
        await client.AskAsync<object>("release");
        return new OpenStreamCost(name, plan.OpenStreams, (double)(during.HeapBytes - before.HeapBytes) / plan.OpenStreams, (double)(during.WorkingSetBytes - before.WorkingSetBytes) / plan.OpenStreams);
    }

    private async Task<Sample> MeasureAsync(ChildProcess target, Scenario scenario, int milliseconds)
    {
        var before = await target.AskAsync<ProcessFigures>("figures");
        var result = await AskClientAsync(new LoadJob
        {
            Port = target.Port, ApiKey = apiKey, Stream = scenario.Stream, Connections = scenario.Connections, Milliseconds = milliseconds, Rate = scenario.Rate,
        });
        await Task.Delay(Rest);
        var after = await target.AskAsync<ProcessFigures>("figures");
        _gatewayCalls += target == gateway ? result.Calls : 0;
        return new Sample(
            (after.CpuMicroseconds - before.CpuMicroseconds) / result.Calls, (double)(after.AllocatedBytes - before.AllocatedBytes) / result.Calls,
            result.CallsPerSecond, result.MedianMicroseconds, result.P99Microseconds);
    }

    private async Task<LoadResult> AskClientAsync(LoadJob job)
    {
        var result = await client.AskAsync<LoadResult>(JsonSerializer.Serialize(job));
        return result is { Calls: > 0, Failures: 0 } ? result : throw new InvalidOperationException($"{result.Calls} calls were answered with 200 and {result.Failures} were not: nothing to measure.");
    }

    private Task SetPauseAsync(int milliseconds) => upstream.AskAsync<object>($"pause {milliseconds}");
}

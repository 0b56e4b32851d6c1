using Gateway.Benchmarks.Load.Client;
using Gateway.Benchmarks.Load.Processes;
using Gateway.Benchmarks.Load.Servers;

namespace Gateway.Benchmarks.Load;

/// <summary>Puts load on YARP and on the gateway in turn and reads what it cost each of them.</summary>
internal sealed class LoadRun(
    LoadPlan plan,
    ChildProcess upstream,
    ChildProcess client,
    ChildProcess yarp,
    ChildProcess gateway,
    string apiKey
)
{
    private readonly LoadMeter _meter = new(plan, upstream, client, apiKey);

    private long _gatewayCalls;

    public async Task WarmUpAsync() => _gatewayCalls += (await _meter.WarmUpAsync(yarp, gateway))[gateway];

    public async Task<Comparison> CompareAsync(Scenario scenario)
    {
        await _meter.SetPauseAsync(scenario.PauseMilliseconds);
        var samples = new Dictionary<ChildProcess, List<Sample>> { [yarp] = [], [gateway] = [] };
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var target in round % 2 == 0 ? new[] { yarp, gateway } : [gateway, yarp])
            {
                samples[target].Add(await MeasureAsync(target, scenario));
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
        await _meter.SetPauseAsync(Scenario.BurstStream.PauseMilliseconds);
        await MeasureAsync(yarp, Scenario.BurstStream);
        await MeasureAsync(gateway, Scenario.BurstStream);
        await _meter.SetPauseAsync(1_000);
        return [await HoldStreamsAsync("bare YARP", yarp), await HoldStreamsAsync("gateway", gateway)];
    }

    private async Task<OpenStreamCost> HoldStreamsAsync(string name, ChildProcess target)
    {
        var before = await target.AskAsync<ProcessFigures>("collect");
        await _meter.AskClientAsync(
            new LoadJob
            {
                Port = target.Port,
                ApiKey = apiKey,
                Stream = true,
                Connections = plan.OpenStreams,
                KeepOpen = true,
            }
        );
        await Task.Delay(2_000);
        var during = await target.AskAsync<ProcessFigures>("collect");
        await client.AskAsync<object>("release");
        return new OpenStreamCost(
            name,
            plan.OpenStreams,
            (double)(during.HeapBytes - before.HeapBytes) / plan.OpenStreams,
            (double)(during.WorkingSetBytes - before.WorkingSetBytes) / plan.OpenStreams
        );
    }

    private async Task<Sample> MeasureAsync(ChildProcess target, Scenario scenario)
    {
        var sample = await _meter.MeasureAsync(target, scenario);
        _gatewayCalls += target == gateway ? sample.Calls : 0;
        return sample;
    }
}

using System.Globalization;
using System.Text;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Load.Client;
using Gateway.Benchmarks.Load.Processes;
using Gateway.Benchmarks.Load.Servers;

namespace Gateway.Benchmarks.Operator;

/// <summary>The parts of the measurement: start, the first seconds, warm.</summary>
internal sealed class OperatorRun(
    OperatorPlan plan,
    Servers servers,
    ChildProcess upstream,
    ChildProcess client,
    string apiKey,
    OperatorReport report
)
{
    private const int BucketMilliseconds = 5_000;
    private const int Buckets = 4;
    private const double Settled = 0.03;

    private static readonly byte[] ReadyRequest = Encoding.ASCII.GetBytes("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(5);

    private readonly byte[] _call = CallBytes.Call(apiKey, stream: false);

    /// <summary>The parts by name, in order.</summary>
    public IReadOnlyList<(string Name, Func<Task> Measure)> Parts => [("start", StartAsync), ("cold", ColdAsync), ("warm", WarmAsync)];

    private async Task StartAsync()
    {
        List<double> empty = [];
        List<double> existing = [];
        List<double> cpu = [];
        List<double> ready = [];
        List<double> yarp = [];
        for (var round = 0; round < plan.Starts; round++)
        {
            var folder = Directory.CreateTempSubdirectory("hub-start-").FullName;
            var settings = servers.Settings(folder);
            await using (var first = servers.Gateway(settings))
            {
                empty.Add((await first.FirstAnswerAsync(_call)).TotalSeconds);
            }
            await using (var later = servers.Gateway(settings))
            {
                existing.Add((await later.FirstAnswerAsync(_call)).TotalSeconds);
                cpu.Add(later.CpuMicroseconds() / 1e6);
                ready.Add((await later.FirstAnswerAsync(ReadyRequest)).TotalSeconds);
            }
            await using (var bare = servers.Yarp())
            {
                yarp.Add((await bare.FirstAnswerAsync(_call)).TotalSeconds);
            }
            Directory.Delete(folder, recursive: true);
        }
        report.Title("From the start of the process to its first answered call, s");
        report.Columns("", "median", "least", "most");
        Row("YARP", "start.yarp", yarp);
        Row("gateway, existing database", "start.existing", existing);
        Row("the same, CPU time", "start.cpu", cpu);
        Row("the same, to /health/ready", "start.ready", ready);
        Row("gateway, empty folder", "start.empty", empty);

        void Row(string name, string key, List<double> seconds)
        {
            var figure = Figure.Of(seconds);
            report.Keep(key, figure);
            report.Row(name, OperatorReport.Text(figure.Value, 2), OperatorReport.Text(figure.Low, 2), OperatorReport.Text(figure.High, 2));
        }
    }

    private async Task ColdAsync()
    {
        await SetPauseAsync(Scenario.Operator.PauseMilliseconds);
        var folder = await PrepareAsync();
        List<(string Name, double[] Cpu)> rows = [];
        foreach (var isGateway in new[] { false, true })
        {
            await using var server = isGateway ? servers.Gateway(servers.Settings(folder)) : servers.Yarp();
            await server.FirstAnswerAsync(_call);
            if (isGateway)
            {
                await server.FirstAnswerAsync(ReadyRequest);
            }
            var target = Target(isGateway ? "gateway" : "YARP", server, isGateway);
            var cpu = new double[Buckets];
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                cpu[bucket] = (await target.MeasureAsync(Scenario.Operator, BucketMilliseconds)).CpuMicroseconds;
            }
            rows.Add((target.Name, cpu));
            if (isGateway)
            {
                var warm = await WarmUpAsync(target);
                report.Keep("cold.cpu", Figure.Of([(cpu[0] + cpu[1]) / 2 / warm]));
                report.Keep("cold.first", Figure.Of([cpu[0] / warm]));
            }
        }
        Directory.Delete(folder, recursive: true);
        report.Title($"CPU per plain call after ready, {Scenario.Operator.Connections} connections, µs in each 5 s");
        report.Columns(["", .. Enumerable.Range(1, Buckets).Select(b => (b * 5).ToString(CultureInfo.InvariantCulture) + " s")]);
        foreach (var (name, cpu) in rows)
        {
            report.Row([name, .. cpu.Select(c => OperatorReport.Text(c, 0))]);
        }
    }

    private async Task WarmAsync()
    {
        var folder = await PrepareAsync();
        var silentFolder = await PrepareAsync();
        var silent = servers.Settings(silentFolder);
        silent[Servers.NoCallLog.Key] = Servers.NoCallLog.Value;
        var settings = servers.Settings(folder);
        await using var yarp = servers.Yarp();
        await using var earlier = servers.EarlierYarp();
        await using var gateway = servers.Gateway(settings);
        await using var quiet = servers.Gateway(silent);
        LoadTarget[] targets =
        [
            Target("YARP", yarp, isGateway: false),
            Target("YARP 2.1.0", earlier, isGateway: false),
            Target("gateway", gateway, isGateway: true),
            Target("gateway without call log", quiet, isGateway: true),
        ];
        foreach (var target in targets)
        {
            await target.Server.FirstAnswerAsync(_call);
        }
        await gateway.FirstAnswerAsync(ReadyRequest);
        await quiet.FirstAnswerAsync(ReadyRequest);
        await Task.Delay(IdleAfter);
        report.Keep("memory.idle", Figure.Of([gateway.ResidentMegabytes()]));
        var idle = targets.Select(t => t.Server.ResidentMegabytes()).ToList();
        await SetPauseAsync(0);
        foreach (var target in targets)
        {
            await WarmUpAsync(target);
        }
        var plain = await CompareAsync("plain", Scenario.Operator, targets);
        report.Keep("plain.cpu-2.1.0", Figure.Of([.. plain[1].Zip(plain[2], (y, g) => g.CpuMicroseconds / y.CpuMicroseconds)]));
        report.Keep("log.cpu", Figure.Of([.. plain[3].Zip(plain[2], (off, on) => on.CpuMicroseconds - off.CpuMicroseconds)]));
        await CompareAsync("burst", Scenario.BurstStream, targets);
        await CompareAsync("half", Scenario.PlainAt(LoadReport.Median(plain[2], s => s.CallsPerSecond) / 2), targets);
        await CompareAsync("paced", Scenario.PacedStream, targets);
        report.Keep("memory.load", Figure.Of([targets[2].MostMegabytes]));
        report.Title("Resident memory, MB");
        report.Columns(["", .. targets.Select(t => t.Name)]);
        report.Row(["idle", .. idle.Select(m => OperatorReport.Text(m, 0))]);
        report.Row(["under load, at most", .. targets.Select(t => OperatorReport.Text(t.MostMegabytes, 0))]);
        await CheckLedgerAsync(targets[2], settings);
        Directory.Delete(folder, recursive: true);
        Directory.Delete(silentFolder, recursive: true);
    }

    /// <summary>Gateways that differ in their variables, under plain calls in turn: what a setting is worth.</summary>
    /// <param name="variants">Names and variables.</param>
    public async Task CompareVariantsAsync(IReadOnlyList<(string Name, Dictionary<string, string> Variables)> variants)
    {
        List<ServerProcess> processes = [servers.Yarp()];
        List<LoadTarget> targets = [Target("YARP", processes[0], isGateway: false)];
        List<string> folders = [];
        try
        {
            foreach (var (name, variables) in variants)
            {
                var program = variables.GetValueOrDefault(Servers.ProgramVariable);
                folders.Add(await PrepareAsync(program));
                var settings = servers.Settings(folders[^1]);
                foreach (var (variable, value) in variables.Where(v => v.Key != Servers.ProgramVariable))
                {
                    settings[variable] = value;
                }
                processes.Add(servers.Gateway(settings, program));
                targets.Add(Target(name, processes[^1], isGateway: true));
                await processes[^1].FirstAnswerAsync(ReadyRequest);
            }
            await SetPauseAsync(0);
            await Task.Delay(IdleAfter);
            var idle = processes.Select(p => p.ResidentMegabytes()).ToList();
            foreach (var target in targets)
            {
                await WarmUpAsync(target);
            }
            var samples = await MeasureAsync(Scenario.Operator, targets);
            report.Title($"{Scenario.Operator.Name}, in turn");
            report.Columns("", "CPU, µs", "against YARP", "over the rounds", "bytes", "p50, µs", "p99, µs", "idle MB", "most MB");
            for (var i = 0; i < targets.Count; i++)
            {
                var against = Figure.Of([.. samples[0].Zip(samples[i], (y, g) => g.CpuMicroseconds / y.CpuMicroseconds)]);
                report.Row(
                    targets[i].Name,
                    OperatorReport.Text(LoadReport.Median(samples[i], s => s.CpuMicroseconds), 1),
                    OperatorReport.Text(against.Value, 2) + " x",
                    $"{OperatorReport.Text(against.Low, 2)} to {OperatorReport.Text(against.High, 2)}",
                    OperatorReport.Text(LoadReport.Median(samples[i], s => s.AllocatedBytes), 0),
                    OperatorReport.Text(LoadReport.Median(samples[i], s => s.MedianMicroseconds), 0),
                    OperatorReport.Text(LoadReport.Median(samples[i], s => s.P99Microseconds), 0),
                    OperatorReport.Text(idle[i], 0),
                    OperatorReport.Text(targets[i].MostMegabytes, 0)
                );
            }
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
            folders.ForEach(folder => Directory.Delete(folder, recursive: true));
        }
    }

    // A folder in which the caller stands under its limits.
    private async Task<string> PrepareAsync(string? program = null)
    {
        var folder = Directory.CreateTempSubdirectory("hub-load-").FullName;
        var settings = servers.Settings(folder);
        await using var gateway = servers.Gateway(settings, program);
        await gateway.FirstAnswerAsync(_call);
        using var admin = await LoadAdmin.SignInAsync(gateway.Address, settings);
        await LoadQuotas.SetAsync(admin);
        return folder;
    }

    private async Task<IReadOnlyList<IReadOnlyList<Sample>>> CompareAsync(string key, Scenario scenario, LoadTarget[] targets)
    {
        await SetPauseAsync(scenario.PauseMilliseconds);
        var samples = await MeasureAsync(scenario, targets);
        report.Compare(key, scenario, targets, samples);
        return samples;
    }

    private async Task<IReadOnlyList<IReadOnlyList<Sample>>> MeasureAsync(Scenario scenario, IReadOnlyList<LoadTarget> targets)
    {
        var samples = targets.Select(_ => new List<Sample>()).ToList();
        for (var round = 0; round < plan.Rounds; round++)
        {
            for (var turn = 0; turn < targets.Count; turn++)
            {
                var i = (round + turn) % targets.Count; // none is always the first or the last
                samples[i].Add(await targets[i].MeasureAsync(scenario, plan.Milliseconds));
            }
        }
        return samples;
    }

    // Until a call costs what the one before did.
    private async Task<double> WarmUpAsync(LoadTarget target)
    {
        var before = double.MaxValue;
        for (var seconds = 0; seconds < plan.WarmUpSeconds; seconds += BucketMilliseconds / 1_000)
        {
            var cpu = (await target.MeasureAsync(Scenario.Operator, BucketMilliseconds)).CpuMicroseconds;
            if (Math.Abs(cpu - before) < before * Settled)
            {
                return cpu;
            }
            before = cpu;
        }
        return before;
    }

    private async Task CheckLedgerAsync(LoadTarget target, IReadOnlyDictionary<string, string> settings)
    {
        using var admin = await LoadAdmin.SignInAsync(target.Server.Address, settings);
        var expected = target.Calls + 2; // the first answer here and the one of the preparation
        var found = 0L;
        for (var patience = 0; patience < 300 && found < expected; patience++)
        {
            await Task.Delay(100);
            found = await admin.CountCallsAsync();
        }
        report.Note($"Ledger of the gateway: {expected} calls answered, {found} recorded.");
    }

    private LoadTarget Target(string name, ServerProcess server, bool isGateway) =>
        new(name, server, isGateway ? "/metrics" : StockYarp.AllocatedPath, client, apiKey);

    private Task SetPauseAsync(int milliseconds) => upstream.AskAsync<object>($"pause {milliseconds}");
}

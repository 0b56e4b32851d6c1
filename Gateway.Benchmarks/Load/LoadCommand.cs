using Gateway.Benchmarks.Load.Client;
using Gateway.Benchmarks.Load.Processes;
using Gateway.Benchmarks.Load.Servers;
using Gateway.Benchmarks.Operator;
using Gateway.Core.Keys;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// <c>load</c>: measures the gateway against bare YARP, started as an operator starts both (<see cref="OperatorCommand"/>). <c>load
/// inside</c>, <c>observe</c> and <c>journal</c> run them within processes of this program, which tell more of themselves. Upstream,
/// servers and load generator are processes of their own, started by this one, so that the CPU time of each is its own. Everything is on
/// the loopback interface and bounded in time.
/// </summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["upstream"]:
                await UpstreamServer.RunAsync();
                return 0;
            case ["yarp", var upstream]:
                await YarpServer.RunAsync(upstream);
                return 0;
            case ["gateway", var upstream, var apiKey, var logLevel, .. var journal]:
                await GatewayServer.RunAsync(upstream, apiKey, logLevel, journal is [var variant] ? variant : JournalVariants.Journal);
                return 0;
            case ["observe", .. var rest]:
                return await CompareAsync(rest, GatewayVariant.Watched);
            case ["journal", .. var rest]:
                return await CompareAsync(rest, _ => GatewayVariant.Journaled);
            case ["client"]:
                await new LoadGenerator().RunAsync();
                return 0;
            case ["inside", .. var rest]:
                return await MeasureAsync(rest);
            default:
                return await OperatorCommand.RunAsync(arguments);
        }
    }

    private static async Task<int> CompareAsync(string[] arguments, Func<string, IReadOnlyList<GatewayVariant>> variantsOf)
    {
        var plan = PlanOf(arguments);
        var apiKey = ApiKeyText.Create().Text;
        await using var upstream = await ChildProcess.StartAsync("upstream");
        await using var client = await ChildProcess.StartAsync("client");
        var address = $"http://127.0.0.1:{upstream.Port}/";
        var gateways = new List<(string Name, ChildProcess Gateway)>();
        try
        {
            foreach (var variant in variantsOf(address))
            {
                gateways.Add(
                    (
                        variant.Name,
                        await ChildProcess.StartAsync(variant.Environment, "gateway", address, apiKey, "Warning", variant.Journal)
                    )
                );
            }
            await new VariantRun(plan, new LoadMeter(plan, upstream, client, apiKey), gateways).RunAsync(Console.Out);
        }
        finally
        {
            foreach (var (_, gateway) in gateways)
            {
                await gateway.DisposeAsync();
            }
        }
        if ((await upstream.AskAsync<TraceCount>("traces")).Requests is > 0 and var requests)
        {
            Console.WriteLine($"{Environment.NewLine}{requests} requests with traces came.");
        }
        return 0;
    }

    private static LoadPlan PlanOf(string[] arguments) => arguments.Contains("--quick") ? LoadPlan.Quick : LoadPlan.Full;

    private static async Task<int> MeasureAsync(string[] arguments)
    {
        var plan = PlanOf(arguments);
        var logLevel =
            Array.IndexOf(arguments, "--log-level") is var at and >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : "Warning";
        var apiKey = ApiKeyText.Create().Text;
        await using var upstream = await ChildProcess.StartAsync("upstream");
        await using var client = await ChildProcess.StartAsync("client");
        var address = $"http://127.0.0.1:{upstream.Port}/";
        var report = new LoadReport(plan, logLevel);
        await using (var yarp = await ChildProcess.StartAsync("yarp", address))
        await using (var gateway = await ChildProcess.StartAsync("gateway", address, apiKey, logLevel))
        {
            var run = new LoadRun(plan, upstream, client, yarp, gateway, apiKey);
            await run.WarmUpAsync();
            var plain = await run.CompareAsync(Scenario.Plain);
            report.Add(plain);
            report.Add(await run.CompareAsync(Scenario.PacedStream));
            report.Add(await run.CompareAsync(Scenario.BurstStream));
            report.Add(await run.CompareAsync(Scenario.PlainAt(LoadReport.Median(plain.Gateway, s => s.CallsPerSecond) / 2)));
            report.Add(await run.CheckLedgerAsync());
        }
        await using (var yarp = await ChildProcess.StartAsync("yarp", address))
        await using (var gateway = await ChildProcess.StartAsync("gateway", address, apiKey, logLevel))
        {
            report.Add(await new LoadRun(plan, upstream, client, yarp, gateway, apiKey).HoldStreamsAsync());
        }
        report.Write(Console.Out);
        return 0;
    }
}

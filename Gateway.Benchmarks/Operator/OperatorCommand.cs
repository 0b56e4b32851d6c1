using Gateway.Benchmarks.Load.Processes;
using Gateway.Core.Keys;

namespace Gateway.Benchmarks.Operator;

/// <summary>
/// <c>load</c>: what an operator gets. The gateway is started as it is published, in Production with default settings, SQLite, call log on,
/// its caller under rates and budgets in four scopes; beside it bare YARP with stock settings. See docs/performance.md.
/// </summary>
internal static class OperatorCommand
{
    /// <summary>Where the accepted figures stand in the repository.</summary>
    public const string AcceptedPath = "Gateway.Benchmarks/accepted.json";

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["stock", var destination])
        {
            await StockYarp.RunAsync(destination);
            return 0;
        }
        var apiKey = ApiKeyText.Create().Text;
        await using var upstream = await ChildProcess.StartAsync("upstream");
        await using var client = await ChildProcess.StartAsync("client");
        var extra = Values(arguments, "--set").Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        var servers = new Servers(
            $"http://127.0.0.1:{upstream.Port}/",
            apiKey,
            Values(arguments, "--gateway").FirstOrDefault(Servers.BuiltGateway),
            extra
        );
        var plan = arguments.Contains("--quick") ? OperatorPlan.Quick : OperatorPlan.Full;
        var report = new OperatorReport(Console.Out);
        var run = new OperatorRun(plan, servers, upstream, client, apiKey, report);
        if (Values(arguments, "--variant").Select(VariantOf).ToList() is { Count: > 0 } variants)
        {
            await run.CompareVariantsAsync(variants);
            return 0;
        }
        var parts = Values(arguments, "--only").ToList();
        foreach (var (part, measure) in run.Parts.Where(p => parts.Count == 0 || parts.Contains(p.Name)))
        {
            await measure();
        }
        report.WriteGoals();
        return End(arguments, report.Figures());
    }

    // The exit code tells whether something got worse.
    private static int End(string[] arguments, AcceptedFigures figures)
    {
        if (arguments.Contains("--accept"))
        {
            figures.Accept(AcceptedPath);
            return 0;
        }
        return AcceptedFigures.Read(AcceptedPath) is { } accepted && figures.Compare(accepted, Console.Out) > 0 ? 1 : 0;
    }

    // name:NAME=value,NAME=value; PROGRAM=path names another build of the gateway
    private static (string Name, Dictionary<string, string> Variables) VariantOf(string text)
    {
        var (name, rest) = text.Split(':', 2) is [var first, var second] ? (first, second) : (text, "");
        return (
            name,
            rest.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1])
        );
    }

    private static IEnumerable<string> Values(string[] arguments, string option) =>
        arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);
}

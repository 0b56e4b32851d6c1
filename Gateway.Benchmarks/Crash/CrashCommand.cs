using System.Globalization;
using Gateway.Benchmarks.Operator;

namespace Gateway.Benchmarks.Crash;

/// <summary><c>crash</c>: kills the gateway again and again under load and proves that nothing was lost, doubled or overspent.</summary>
internal static class CrashCommand
{
    private const int DefaultKills = 50;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var kills = int.Parse(
            ValueOf(arguments, "--kills") ?? DefaultKills.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
        var seed = int.Parse(
            ValueOf(arguments, "--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
        Console.WriteLine($"seed {seed}");
        var (found, counted) = await new CrashRun(Console.Out, Servers.BuiltGateway, ValueOf(arguments, "--database")).RunAsync(
            kills,
            seed
        );
        Console.WriteLine();
        foreach (var member in typeof(CrashFindings).GetProperties())
        {
            Console.WriteLine($"{member.Name}: {member.GetValue(found)}");
        }
        Console.WriteLine($"Kills: {counted} of {kills}");
        return found.IsClean && counted == kills ? 0 : 1;
    }

    private static string? ValueOf(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is var at and >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
}

using BenchmarkDotNet.Running;

namespace Gateway.Benchmarks.Stages;

/// <summary><c>stages</c>: BenchmarkDotNet over single stages; all of them unless its own options say otherwise.</summary>
internal static class StagesCommand
{
    public static int Run(string[] arguments)
    {
        BenchmarkSwitcher.FromAssembly(typeof(StagesCommand).Assembly).Run(arguments.Length > 0 ? arguments : ["--filter", "*"]);
        return 0;
    }
}

using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Gateway.Benchmarks.Stages;

/// <summary>
/// <c>stages</c>: BenchmarkDotNet over single stages, all of them unless its own options say otherwise. Short runs in this process: they
/// answer "how much about, and does it allocate", and need no build of their own.
/// </summary>
internal static class StagesCommand
{
    public static int Run(string[] arguments)
    {
        var config = ManualConfig
            .CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub)
            .AddLogger(ConsoleLogger.Default);
        BenchmarkSwitcher.FromAssembly(typeof(StagesCommand).Assembly).Run(arguments.Length > 0 ? arguments : ["--filter", "*"], config);
        return 0;
    }
}

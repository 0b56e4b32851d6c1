using Gateway.Tests.Sdk;

namespace Gateway.Tests.Support;

/// <summary>Real Prometheus programs for this test run: installed when missing. A test that cannot have them fails.</summary>
internal static class PrometheusTools
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>The server, ready to be started.</summary>
    public static async Task<string> ServerAsync()
    {
        await Installed.Value;
        return "prometheus";
    }

    /// <summary>Runs promtool in a folder.</summary>
    public static async Task<ProgramRun> PromtoolAsync(string folder, params string[] arguments)
    {
        await Installed.Value;
        return await ProgramRun.RunAsync("promtool", arguments, folder, Limit);
    }

    /// <summary>What <c>promtool check metrics</c> says of a text: nothing when all is well.</summary>
    public static async Task<string> CheckMetricsAsync(string text)
    {
        await Installed.Value;
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text);
            var run = await ProgramRun.RunAsync("/bin/sh", ["-c", "exec promtool check metrics < \"$0\"", file], Path.GetTempPath(), Limit);
            return run.ExitCode == 0 ? "" : $"ended with {run.ExitCode}: {run.Output}{run.Errors}";
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task InstallAsync()
    {
        if (!IsThere())
        {
            await AptPackages.InstallAsync("prometheus");
        }
        if (!IsThere())
        {
            throw new InvalidOperationException(
                "Prometheus is not installed (looked for prometheus and promtool in the PATH), and the tests do not do without it."
            );
        }
    }

    private static bool IsThere() =>
        new[] { "prometheus", "promtool" }.All(program =>
            Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)))
        );
}

using System.Text.Json;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.Deployment;

/// <summary>docker-compose.yml, read with real YAML rules.</summary>
internal static class ComposeFile
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly string Folder = Path.Combine(Repository.Root, "Gateway.Tests", "Deployment", "node");

    public static string FilePath { get; } = Path.Combine(Repository.Root, "docker-compose.yml");

    public static async Task<JsonElement> ReadAsync()
    {
        await NodePackages.InstallAsync(Folder);
        var run = await ProgramRun.RequireAsync("node", ["compose.mjs", FilePath], Folder, Limit);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    /// <summary>What a linter with the Compose schema says of a file; null when nothing.</summary>
    public static async Task<string?> LintAsync(string file)
    {
        await NodePackages.InstallAsync(Folder);
        var run = await ProgramRun.RunAsync("node", ["node_modules/dclint/bin/dclint.cjs", "--quiet", file], Folder, Limit);
        return run.ExitCode == 0 ? null : run.Output + run.Errors;
    }
}

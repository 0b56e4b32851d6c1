using System.Security.Cryptography;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.WebConsole;

/// <summary>The console, built once for all tests; not at all when what lies there was built from the same sources.</summary>
internal static class ConsoleBuild
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly string[] Folders = ["src", "api", "scripts"];
    private static readonly string[] Files = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

    private static readonly Lazy<Task> Built = new(BuildAsync);

    /// <summary>The sources.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "Gateway.Console");

    /// <summary>The files that browsers get.</summary>
    public static string Output { get; } = Path.Combine(Folder, "dist");

    public static Task RequireAsync() => Built.Value;

    private static async Task BuildAsync()
    {
        await NodePackages.InstallAsync(Folder);
        var sources = await SourcesAsync();
        var mark = Path.Combine(Output, ".vite", "built-from");
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == sources)
        {
            return;
        }
        await ProgramRun.RequireAsync("npm", ["run", "build"], Folder, Limit);
        await File.WriteAllTextAsync(mark, sources);
    }

    private static async Task<string> SourcesAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Folders
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Folder, f), "*", SearchOption.AllDirectories))
            .Where(f => !f.EndsWith("schema.d.ts", StringComparison.Ordinal))
            .Concat(Files.Select(f => Path.Combine(Folder, f)))
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(file));
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

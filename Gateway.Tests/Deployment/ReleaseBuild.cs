using System.Text.RegularExpressions;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;
using Gateway.Tests.WebConsole;

namespace Gateway.Tests.Deployment;

/// <summary>
/// The sources that the Dockerfile copies, restored and published as it says, once for all tests that need a release build: it is what the
/// suite waits for longest.
/// </summary>
public sealed partial class ReleaseBuild : IAsyncLifetime
{
    public const string Name = "release build";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-release-");

    /// <summary>The Dockerfile's instructions.</summary>
    public static IReadOnlyList<string> Dockerfile { get; } =
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"))
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>The environment of every command of the SDK that is run on the copied sources: as the image sets it.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>
        {
            ["CI"] = "true",
            ["HubDatabase"] = BuildFlavour.HasMySql ? "mysql" : "", // an image of the build that the tests are of
            ["ConsoleBuild"] = "false", // the image of the SDK has no Node
            ["RunAnalyzers"] = "false", // the sources were analysed when the tests were built
        };

    /// <summary>The root of the copied sources.</summary>
    public string Source => Path.Combine(_folder.FullName, "source");

    /// <summary>What was published.</summary>
    public string App => Path.Combine(_folder.FullName, "app");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Source);
        var steps = Dockerfile
            .SkipWhile(l => !l.EndsWith("AS build", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(l => !l.StartsWith("FROM ", StringComparison.Ordinal));
        foreach (var step in steps)
        {
            if (step.Split(' ') is ["COPY", "--from=console", "/source/dist/", var place])
            {
                await ConsoleBuild.RequireAsync();
                Copy([ConsoleBuild.Output, place], Source);
            }
            else if (step.StartsWith("COPY ", StringComparison.Ordinal))
            {
                Copy(step.Split(' ')[1..], Source);
            }
            else if (step.StartsWith("RUN dotnet ", StringComparison.Ordinal))
            {
                await ProgramRun.RequireAsync(
                    "dotnet",
                    [.. step["RUN dotnet ".Length..].Split(' ').Select(a => a == "/app" ? App : a)],
                    Source,
                    TimeSpan.FromMinutes(15),
                    Settings
                );
            }
        }
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    // As Docker does it: a folder's content, or files into a folder.
    private static void Copy(string[] words, string root)
    {
        var target = Path.Combine(root, words[^1]);
        foreach (var word in words[..^1])
        {
            var from = Path.Combine(Repository.Root, word);
            if (File.Exists(from))
            {
                Directory.CreateDirectory(target);
                File.Copy(from, Path.Combine(target, Path.GetFileName(from)), overwrite: true);
                continue;
            }
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !Ignored().IsMatch(f)))
            {
                var copy = Path.Combine(target, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy, overwrite: true);
            }
        }
    }

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex Ignored();
}

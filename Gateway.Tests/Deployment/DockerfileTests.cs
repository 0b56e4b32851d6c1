using System.Text.RegularExpressions;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.Deployment;

/// <summary>
/// The Dockerfile, done by hand where there is no container engine: what it copies is enough to restore, publish and run.
/// </summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"))
        .Replace("\\\n", " ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The image's build argument, by the build that the tests are of.</summary>
    public static TheoryData<string> Databases => [BuildFlavour.HasMySql ? "mysql" : ""];

    [Theory, MemberData(nameof(Databases))]
    public async Task What_it_copies_restores_publishes_and_runs(string hubDatabase)
    {
        Assert.Contains("ARG HUB_DATABASE=", Lines);
        Assert.Contains("ENV CI=true HubDatabase=${HUB_DATABASE}", Lines);
        var folder = Directory.CreateTempSubdirectory("hub-image-");
        var (source, app) = (folder.CreateSubdirectory("source"), Path.Combine(folder.FullName, "app"));
        foreach (
            var line in Lines
                .SkipWhile(l => !l.EndsWith("AS build", StringComparison.Ordinal))
                .Skip(1)
                .TakeWhile(l => !l.StartsWith("FROM ", StringComparison.Ordinal))
        )
        {
            if (line.StartsWith("COPY ", StringComparison.Ordinal))
            {
                Copy(line.Split(' ')[1..], source.FullName);
            }
            else if (line.StartsWith("RUN dotnet ", StringComparison.Ordinal))
            {
                await ProgramRun.RequireAsync(
                    "dotnet",
                    [.. line["RUN dotnet ".Length..].Split(' ').Select(a => a == "/app" ? app : a)],
                    source.FullName,
                    TimeSpan.FromMinutes(15),
                    new Dictionary<string, string> { ["CI"] = "true", ["HubDatabase"] = hubDatabase }
                );
            }
        }
        var entry = Regex.Match(string.Join('\n', Lines), "ENTRYPOINT \\[\"dotnet\", \"(.+)\"\\]").Groups[1].Value;
        await using (var gateway = await GatewayProcess.StartAsync(folder.CreateSubdirectory("data"), Path.Combine(app, entry)))
        {
            var check = Regex.Match(string.Join('\n', Lines), "CMD \\[\"/bin/sh\", \"-c\", \"(.+)\"\\]").Groups[1].Value;
            var port = $"{gateway.Client.BaseAddress!.Port}";
            foreach (var (ours, platforms) in new[] { (port, ""), (port, "1"), ("", port) })
            {
                await ProgramRun.RequireAsync(
                    "/bin/sh",
                    ["-c", check],
                    folder.FullName,
                    TimeSpan.FromMinutes(1),
                    new Dictionary<string, string>
                    {
                        ["SERVER_PORT"] = ours,
                        ["PORT"] = platforms,
                        ["NO_PROXY"] = "*",
                    }
                );
            }
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public void It_runs_without_root_and_with_a_health_check()
    {
        var last = Lines.Reverse().TakeWhile(l => !l.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
        Assert.Contains("USER $APP_UID", last);
        Assert.Contains(
            last,
            l => l.StartsWith("RUN ", StringComparison.Ordinal) && l.Contains("chown $APP_UID /data", StringComparison.Ordinal)
        );
        Assert.Contains(last, l => l.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        Assert.Contains("EXPOSE 8080", last);
        // a platform's PORT would lose
        Assert.DoesNotContain(last, l => l.StartsWith("ENV ", StringComparison.Ordinal) && l.Contains("PORT", StringComparison.Ordinal));
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

using System.Text.RegularExpressions;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.Deployment;

/// <summary>
/// The Dockerfile, done by hand where there is no container engine: what it copies is enough to restore, publish and run.
/// </summary>
[Collection(ReleaseBuild.Name)]
public sealed class DockerfileTests(ReleaseBuild build)
{
    [Fact]
    public async Task What_it_copies_restores_publishes_and_runs()
    {
        var lines = string.Join('\n', ReleaseBuild.Dockerfile);
        var entry = Regex.Match(lines, "ENTRYPOINT \\[\"dotnet\", \"(.+)\"\\]").Groups[1].Value;
        var data = Directory.CreateTempSubdirectory("hub-image-");
        await using (var gateway = await GatewayProcess.StartAsync(data, Path.Combine(build.App, entry)))
        {
            var check = Regex.Match(lines, "CMD \\[\"/bin/sh\", \"-c\", \"(.+)\"\\]").Groups[1].Value;
            var port = $"{gateway.Client.BaseAddress!.Port}";
            foreach (var (ours, platforms) in new[] { (port, ""), (port, "1"), ("", port) })
            {
                await ProgramRun.RequireAsync(
                    "/bin/sh",
                    ["-c", check],
                    data.FullName,
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
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task It_serves_the_console()
    {
        var entry = Path.Combine(build.App, "Gateway.dll");
        var data = Directory.CreateTempSubdirectory("hub-image-");
        await using (var gateway = await GatewayProcess.StartAsync(data, entry))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "text/html" } } };
            using var answer = await gateway.Client.SendAsync(request);
            var page = await answer.Content.ReadAsStringAsync();
            var script = Regex.Match(page, "src=\"(/console/assets/[^\"]+)\"").Groups[1].Value;
            (await gateway.Client.GetAsync(script)).EnsureSuccessStatusCode();
        }
        data.Delete(recursive: true);
    }

    [Fact]
    public void Its_argument_chooses_the_build()
    {
        Assert.Contains("ARG HUB_DATABASE=", ReleaseBuild.Dockerfile);
        Assert.Contains("ENV CI=true HubDatabase=${HUB_DATABASE}", ReleaseBuild.Dockerfile);
    }

    [Fact]
    public void It_runs_without_root_and_with_a_health_check()
    {
        var last = ReleaseBuild.Dockerfile.Reverse().TakeWhile(l => !l.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
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
}

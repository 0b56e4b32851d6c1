using System.Text.Json;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>The names that steer LiteLLM, derived again, for whoever has its packages.</summary>
public sealed class DerivedMembersTests
{
    [PackagesFact]
    public async Task Steering_members_are_those_of_the_unpacked_LiteLLM()
    {
        var folder = Path.Combine(Repository.Root, "Gateway", "Bodies", "Steering");
        var run = await ProgramRun.RunAsync(
            "python3",
            ["-B", Path.Combine(folder, "derive.py"), PackagesFactAttribute.Packages!],
            Path.GetTempPath(),
            TimeSpan.FromMinutes(5),
            new Dictionary<string, string>()
        );
        Assert.True(run.ExitCode == 0, run.Errors);
        var version = JsonElement.Parse(run.Output).GetProperty("version").GetString();
        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(folder, $"litellm-{version}.json"))).Trim(), run.Output.Trim());
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PackagesFactAttribute : FactAttribute
    {
        public PackagesFactAttribute() =>
            Skip = Packages is null ? "HUB_TEST_LITELLM_PACKAGES does not name a folder with LiteLLM's packages." : null;

        public static string? Packages =>
            Environment.GetEnvironmentVariable("HUB_TEST_LITELLM_PACKAGES") is { Length: > 0 } folder ? folder : null;
    }
}

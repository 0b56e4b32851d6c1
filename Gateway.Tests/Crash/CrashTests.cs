using Gateway.Benchmarks.Crash;
using Gateway.Tests.Support;
using Xunit.Abstractions;

namespace Gateway.Tests.Crash;

/// <summary>The short form of <c>Gateway.Benchmarks crash</c>: the real process under load, killed at random instants.</summary>
public sealed class CrashTests(ITestOutputHelper log)
{
    private const int Kills = 5;

    [Theory, BothDatabases]
    public async Task Nothing_is_lost_doubled_or_overspent_by_kill_9(TestDatabase database)
    {
        using var output = new StringWriter();
        var url = await TestDatabases.CreateAsync(database);
        var program = Path.Combine(AppContext.BaseDirectory, "Gateway.dll");
        var (found, kills) = await new CrashRun(output, program, url).RunAsync(Kills, Random.Shared.Next());
        log.WriteLine(output.ToString());
        log.WriteLine(found.ToString());
        Assert.Equal(Kills, kills);
        Assert.True(found.Received > Kills * CrashRun.LeastInFlight, found.ToString());
        Assert.True(found.IsClean, found.ToString());
    }
}

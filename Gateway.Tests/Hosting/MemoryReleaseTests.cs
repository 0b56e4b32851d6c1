using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Hosting;
using Gateway.Tests.Support;

namespace Gateway.Tests.Hosting;

/// <summary>Memory goes back to the system when the process has become quiet, and a busy process is not stopped for it.</summary>
public sealed class MemoryReleaseTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_quiet_time_after_a_busy_one_gives_memory_back_once()
    {
        using var release = NewRelease();

        Assert.False(LookAfterAMinute(release, cpuSeconds: 30));
        Assert.True(LookAfterAMinute(release, cpuSeconds: 31));
        Assert.False(LookAfterAMinute(release, cpuSeconds: 32));
    }

    [Fact]
    public void The_next_rush_makes_it_give_back_again()
    {
        using var release = NewRelease();
        LookAfterAMinute(release, cpuSeconds: 1);

        Assert.False(LookAfterAMinute(release, cpuSeconds: 60));
        Assert.True(LookAfterAMinute(release, cpuSeconds: 61));
    }

    private MemoryRelease NewRelease()
    {
        DatabaseUrl.TryParse("sqlite:quiet.db", out var url);
        return new MemoryRelease(new ServerOptions(), StoreProvider.For(url!), _time, TestRounds.At(_time));
    }

    private bool LookAfterAMinute(MemoryRelease release, int cpuSeconds)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        return release.Look(TimeSpan.FromSeconds(cpuSeconds));
    }
}

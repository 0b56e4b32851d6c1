using System.Diagnostics;
using System.Net;
using Gateway.Core.Keys;
using Gateway.Limits.Rates;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Rates;

/// <summary>Two nodes on one PostgreSQL, over HTTP.</summary>
public sealed class SharedWindowsOverHttpTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> _settings = new() { ["JWT_SECRET"] = Base62.Random(48) };
    private HubHost _first = null!;
    private HubHost _second = null!;

    public async Task InitializeAsync()
    {
        _settings["DATABASE_URL"] = await PostgresServer.CreateDatabaseAsync();
        _first = await StartAsync("first");
        await using (new BrokenTrafficLock(_settings["DATABASE_URL"]))
        {
            _second = await StartAsync("second");
        }
        foreach (var hub in (HubHost[])[_first, _second])
        {
            await Eventually.TrueAsync(() => Task.FromResult(NodesOf(hub) == 2), "both know of each other");
        }
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task Both_together_let_in_what_one_would_and_say_so()
    {
        var caller = await _first.AddCallerAsync();
        await _first.AddKeyRateLimitAsync(caller, l => l.RequestsPerDay = 20);
        using var here = _first.NewClient(caller.Text);
        using var there = _second.NewClient(caller.Text);
        var calls = await CallUntilRefusedAsync(here, there);
        Assert.InRange(calls, 18, 22); // what one would, give or take the part of a moment
        await Eventually.TrueAsync(
            async () => (await there.LimitsAsync()).Rates.Single(r => r.Window == "requests_per_day").Remaining == 0,
            "the other node says that nothing is left"
        );
    }

    [Fact]
    public async Task A_hot_key_on_one_of_them_gets_all_of_its_limit()
    {
        var caller = await _first.AddCallerAsync();
        await _first.AddKeyRateLimitAsync(caller, l => (l.RequestsPerMinute, l.TokensPerMinute, l.MaxConcurrent) = (20, 1_000_000, 5));
        using var client = _second.NewClient(caller.Text);
        Assert.Equal(20, await CallUntilRefusedAsync(client));
    }

    [Fact]
    public async Task A_node_alone_asks_the_database_nothing_for_its_windows()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var alone = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DATABASE_URL"] = url });
        var caller = await alone.AddCallerAsync();
        await alone.AddKeyRateLimitAsync(caller, l => l.RequestsPerMinute = 5);
        using var client = alone.NewClient(caller.Text);
        Assert.Equal(5, await CallUntilRefusedAsync(client));
        Assert.False(alone.Services.GetRequiredService<WindowExchange>().IsOn);
        await using var db = await alone.Databases.CreateDbContextAsync();
        Assert.Equal(0, await db.WindowShares.CountAsync());
    }

    // Calls all in turn, until all of them refuse for as long as parts take to flow.
    private static async Task<int> CallUntilRefusedAsync(params HttpClient[] clients)
    {
        var (calls, quiet) = (0, Stopwatch.StartNew());
        while (quiet.Elapsed < TimeSpan.FromSeconds(4))
        {
            foreach (var client in clients)
            {
                using var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    calls++;
                    quiet.Restart();
                }
                else
                {
                    Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
                }
            }
        }
        return calls;
    }

    private static int NodesOf(HubHost hub) => hub.Services.GetRequiredService<WindowExchange>().Nodes;

    private Task<HubHost> StartAsync(string name) =>
        HubHost.StartAsync(settings: new Dictionary<string, string>(_settings) { ["NODE_ID"] = name });
}

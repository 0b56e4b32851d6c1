using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Keys;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Hosting;

/// <summary>
/// Real processes behind a balancer that knows nothing but <c>/health/ready</c>. Each node is replaced while clients call without a pause,
/// on connections that they keep: no call is refused or lost, and the ledger has each of them.
/// </summary>
public sealed class RollingRestartTests : IAsyncLifetime
{
    private const int Clients = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _settings = new() { ["JWT_SECRET"] = Base62.Random(48) };
    private readonly List<HubProgram> _programs = [];
    private HubHost _office = null!;

    public async Task InitializeAsync()
    {
        _settings["DATABASE_URL"] = await PostgresServer.CreateDatabaseAsync();
        _office = await HubHost.StartAsync(settings: new Dictionary<string, string>(_settings) { ["HUB_ROLE"] = "admin" });
    }

    public async Task DisposeAsync()
    {
        _programs.ForEach(p => p.Dispose());
        await _office.DisposeAsync();
    }

    [Fact]
    public async Task No_call_is_lost_while_every_node_is_replaced()
    {
        await using var balancer = new NodeBalancer();
        var caller = await _office.AddCallerAsync();
        var running = new Queue<(HubProgram Program, Uri Address)>();
        for (var i = 0; i < 2; i++)
        {
            running.Enqueue(await StartAsync($"old-{i}", balancer));
        }
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(i => CallAsync(balancer.Address, caller.Text, i, stop.Token)).ToList();

        for (var i = 0; i < 2; i++)
        {
            running.Enqueue(await StartAsync($"new-{i}", balancer));
            var (old, address) = running.Dequeue();
            await old.SignalAsync("TERM");
            await Eventually.TrueAsync(() => Task.FromResult(!balancer.Uses(address)), "the balancer sends it nothing", Patience);
            Assert.False(old.Process.HasExited); // it has said so before it stopped
            Assert.Equal((0, ""), await old.EndAsync(Patience));
        }

        await stop.CancelAsync();
        var calls = (await Task.WhenAll(clients)).Sum();
        Assert.True(calls > 10 * Clients, $"Only {calls} calls.");
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await _office.Databases.CreateDbContextAsync();
                return await db.LedgerEntries.CountAsync() == calls;
            },
            $"{calls} calls are in the ledger"
        );
    }

    [Fact]
    public async Task A_node_that_is_asked_to_stop_says_so_and_still_answers()
    {
        using var program = HubProgram.Start([], null, ("STOP_NOTICE_SECONDS", "5"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        using var before = await client.GetAsync("/v1/models");
        Assert.NotEqual(true, before.Headers.ConnectionClose);
        await program.SignalAsync("TERM");
        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable,
            "it is not ready"
        );
        using var after = await client.GetAsync("/v1/models");
        Assert.Equal((HttpStatusCode.Unauthorized, true), (after.StatusCode, after.Headers.ConnectionClose));
        using var live = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal((0, ""), await program.EndAsync(Patience));
    }

    private async Task<(HubProgram, Uri)> StartAsync(string name, NodeBalancer balancer)
    {
        await using var free = new BrokenTrafficLock(_settings["DATABASE_URL"]);
        (string, string)[] own =
        [
            ("HUB_ROLE", "gateway"),
            ("NODE_ID", name),
            ("STOP_NOTICE_SECONDS", "5"), // time enough for a balancer on a busy machine
            ("DEFAULT_MONTHLY_BUDGET", "0"),
        ];
        var program = HubProgram.Start([], null, [.. _settings.Select(s => (s.Key, s.Value)), .. own]);
        _programs.Add(program);
        var address = await program.AddressAsync();
        _ = program.Process.StandardOutput.ReadToEndAsync(); // or the pipe would be full one day
        await balancer.AddAsync(address);
        return (program, address);
    }

    // Returns how many calls were answered; none may have failed.
    private static async Task<int> CallAsync(Uri address, string key, int seed, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var calls = 0;
        while (!stop.IsCancellationRequested)
        {
            var isStream = (calls + seed) % 2 == 0;
            using var answer = await client.ChatAsync(
                isStream ? InferenceCalls.Stream("sandbox-chat") : InferenceCalls.Chat("sandbox-chat")
            );
            var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(!isStream || text.Contains("[DONE]", StringComparison.Ordinal), "A stream broke off.");
            calls++;
        }
        return calls;
    }
}

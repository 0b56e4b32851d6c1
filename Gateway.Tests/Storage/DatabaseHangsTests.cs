using System.Diagnostics;
using System.Net;
using Gateway.Core.Keys;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Storage;

/// <summary>A PostgreSQL that takes connections and says nothing more: nobody finds out by waiting.</summary>
public sealed class DatabaseHangsTests
{
    // Two seconds are promised; the machine of a test is busy.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task A_PostgreSQL_that_hangs_is_told_soon()
    {
        var url = new Uri(await PostgresServer.CreateDatabaseAsync());
        await using var wire = new TcpRelay(url.Port);
        var settings = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = url.ToString().Replace($":{url.Port}/", $":{wire.Port}/", StringComparison.Ordinal),
        };
        await using var hub = await AdminHub.StartAsync(TestDatabase.Postgres, settings);
        await hub.Host.RecordAsync(await hub.Host.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat")));
        using var unknown = hub.Host.NewClient(ApiKeyText.Create().Text);

        wire.Hang();
        var clock = Stopwatch.StartNew();
        await (await unknown.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            503,
            "server_error",
            "quota_store_unavailable"
        );
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Soon);
        clock.Restart();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await hub.Anonymous.GetAsync("/health/ready")).StatusCode);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Soon);
        clock.Restart();
        var answer = await hub.Admin.Client.SendAsync("GET", "/admin/users");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Later);
        var late = await hub.Host.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(HttpStatusCode.OK, late.StatusCode); // known callers go on

        wire.Resume();
        await hub.Host.RecordAsync(late.RequestId());
        await Eventually.TrueAsync(
            async () => (await hub.Anonymous.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK,
            "the node is ready again"
        );
    }
}

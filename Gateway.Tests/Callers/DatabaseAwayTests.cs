using System.Net;
using Gateway.Core.Keys;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Callers;

/// <summary>The database goes away under a running gateway.</summary>
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task Known_callers_pass_unknown_ones_wait_and_nothing_recorded_is_lost()
    {
        var url = new Uri(await PostgresServer.CreateDatabaseAsync());
        await using var wire = new TcpRelay(url.Port);
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["DATABASE_URL"] = url.ToString().Replace($":{url.Port}/", $":{wire.Port}/", StringComparison.Ordinal),
            }
        );
        var known = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        await hub.RecordAsync(known);

        wire.Cut();
        List<string> calls = [];
        for (var i = 0; i < 5; i++)
        {
            var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            calls.Add(answer.RequestId());
        }
        using var unknown = hub.NewClient(ApiKeyText.Create().Text);
        await (await unknown.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            503,
            "server_error",
            "quota_store_unavailable"
        );
        await (await hub.Client.GetAsync("/v1/key")).AssertRefusedAsync(503, "server_error", "quota_store_unavailable");
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await hub.Anonymous.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await hub.Anonymous.GetAsync("/health/live")).StatusCode);

        wire.Mend();
        await Eventually.TrueAsync(async () => await CountAsync(hub, calls) == calls.Count, "all calls are in the ledger");
        await (await unknown.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            401,
            "invalid_request_error",
            "invalid_api_key"
        );
    }

    private static async Task<int> CountAsync(HubHost hub, List<string> ids)
    {
        try
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.CountAsync(r => ids.Contains(r.Id));
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or InvalidOperationException)
        {
            return 0; // a pooled connection from before the cut
        }
    }
}

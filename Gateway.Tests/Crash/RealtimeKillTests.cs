using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Realtime;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Crash;

/// <summary>A session that is cut off by kill -9: what was told is charged, what was under way is in the ledger without a cost.</summary>
public sealed class RealtimeKillTests
{
    [Fact]
    public async Task Responses_that_were_told_are_charged_and_those_under_way_are_not()
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        string sessionId;
        await using (var gateway = await GatewayProcess.StartAsync(folder, settings: settings))
        {
            var key = gateway.Client.DefaultRequestHeaders.Authorization!.Parameter!;
            var client = await RealtimeHub.OpenAsync(gateway.Client.BaseAddress!, key);
            sessionId = client.SessionId;
            await client.AskAsync("Hello");
            await client.SayAsync("wait");
            await client.SendAsync("""{"type":"response.create"}""");
            await client.UntilAsync("response.created");
        } // killed
        await using var hub = await HubHost.StartAsync(settings: settings, folder: folder.CreateSubdirectory("data"));
        var parts = await Eventually.NotNullAsync(() => PartsAsync(hub, sessionId));
        Assert.Equal(("reported", 168_000L), (parts[0].UsageSource, parts[0].TotalCostNanoUsd));
        Assert.Equal(("node_lost", 0L), (parts[1].Outcome, parts[1].TotalCostNanoUsd));
        Assert.Equal("node_lost", (await hub.RecordAsync(sessionId)).Outcome);
        Assert.Equal(0, (await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
        folder.Delete(recursive: true);
    }

    private static async Task<List<UsageRecord>?> PartsAsync(HubHost hub, string sessionId)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        var parts = await db.UsageRecords.AsNoTracking().Where(r => r.ClientRequestId == sessionId).OrderBy(r => r.Id).ToListAsync();
        return parts.Count == 2 ? parts : null;
    }
}

using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Realtime;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Crash;

/// <summary>
/// A session that is cut off by kill -9: what was told is charged; what was under way is charged with its whole hold, and without a budget
/// in the ledger without a cost.
/// </summary>
public sealed class RealtimeKillTests
{
    private const long Bound = (32_000 * 32_000L) + (4_096 * 64_000L);

    [Theory, InlineData(false), InlineData(true)]
    public async Task Responses_that_were_told_are_charged_and_those_under_way_with_their_hold(bool isHeld)
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        settings["SANDBOX"] = "false"; // models stand at the provider alone
        string sessionId;
        await using (var gateway = await GatewayProcess.StartAsync(folder, settings: settings))
        {
            var key = gateway.Client.DefaultRequestHeaders.Authorization!.Parameter!;
            await (isHeld ? CapAsync(gateway) : Task.CompletedTask);
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
        Assert.Equal(("node_lost", isHeld ? Bound : 0L), (parts[1].Outcome, parts[1].TotalCostNanoUsd));
        Assert.Equal("node_lost", (await hub.RecordAsync(sessionId)).Outcome);
        Assert.Equal(0, (await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
        folder.Delete(recursive: true);
    }

    private static async Task CapAsync(GatewayProcess gateway)
    {
        using var admin = await gateway.SignInAsync();
        using var me = await admin.GetAsync("/api/v1/me");
        var userId = (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString();
        using var made = await admin.PostAsJsonAsync("/api/v1/admin/budgets", new { user_id = userId, max_budget = 5 });
        Assert.True(made.IsSuccessStatusCode);
    }

    private static async Task<List<UsageRecord>?> PartsAsync(HubHost hub, string sessionId)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        var parts = await db.UsageRecords.AsNoTracking().Where(r => r.ClientRequestId == sessionId).OrderBy(r => r.Id).ToListAsync();
        return parts.Count == 2 ? parts : null;
    }
}

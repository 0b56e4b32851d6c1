using Gateway.Core.Storage.Entities;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Crash;

/// <summary>What goes on at the provider while the gateway is killed is charged by the next start, once.</summary>
public sealed class BackgroundKillTests
{
    [Fact]
    public async Task A_response_in_the_background_survives_kill_9()
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        var settings = new Dictionary<string, string>
        {
            ["LITELLM_BASE_URL"] = sandbox.BaseAddress.ToString(),
            ["LITELLM_API_KEY"] = sandbox.ApiKey,
            ["BACKGROUND_POLL_SECONDS"] = "3600",
        };
        string callId;
        await using (var gateway = await GatewayProcess.StartAsync(folder, settings: settings))
        {
            var answer = await gateway.Client.SendAsync(
                InferenceCalls.Post("/v1/responses", """{"model":"gpt-4o-mini","input":"Hi","max_output_tokens":100,"background":true}""")
            );
            Assert.Equal("queued", (await answer.JsonAsync()).GetProperty("status").GetString());
            callId = answer.RequestId();
        } // killed as soon as its client knows the id
        settings["BACKGROUND_POLL_SECONDS"] = "1";
        await using var hub = await HubHost.StartAsync(settings: settings, folder: folder.CreateSubdirectory("data"));
        var correction = await CorrectionAsync(hub, callId);
        var held = await hub.RecordAsync(callId);
        Assert.Equal((UsageSources.Bound, 8L), (held.UsageSource, correction.Usage.Output));
        var used = (correction.Usage.Input * 150) + (8 * 600);
        Assert.Equal(used, held.TotalCostNanoUsd + correction.TotalCostNanoUsd);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal((1, 0), (await db.UsageRecords.CountAsync(r => r.CorrectsId == callId), await db.BackgroundCalls.CountAsync()));
        folder.Delete(recursive: true);
    }

    private static Task<UsageRecord> CorrectionAsync(HubHost hub, string callId) =>
        Eventually.NotNullAsync(async () =>
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            return await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.CorrectsId == callId);
        });
}

using System.Net;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Hosting.Warming;

/// <summary>What a node does before it says that it is ready.</summary>
public sealed class WarmUpTests
{
    [Fact]
    public async Task A_node_that_warmed_up_is_ready_and_nobody_has_heard_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("hub-warm-");
        await using (
            var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["WARM_UP_SECONDS"] = "10" }, folder: folder)
        )
        {
            await Eventually.TrueAsync(
                async () => (await hub.Anonymous.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK,
                "the node is ready",
                TimeSpan.FromMinutes(1)
            );
            var metrics = await hub.Anonymous.GetStringAsync("/metrics");
            Assert.DoesNotContain("oneui_requests_total{", metrics, StringComparison.Ordinal);
            Assert.DoesNotContain("warm-up", metrics, StringComparison.Ordinal);
            Assert.Empty(hub.Sandbox!.Ledger.Calls());
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.Equal((0, false), (await db.UsageRecords.CountAsync(), await db.Models.AnyAsync(m => m.Name == "warm-up")));
        }
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "warm-up")));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_node_that_cannot_warm_up_is_ready_all_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("hub-warm-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "warm-up"), "a file stands where its folder would");
        await using (
            var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["WARM_UP_SECONDS"] = "10" }, folder: folder)
        )
        {
            await Eventually.TrueAsync(
                async () => (await hub.Anonymous.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK,
                "the node is ready"
            );
        }
        folder.Delete(recursive: true);
    }
}

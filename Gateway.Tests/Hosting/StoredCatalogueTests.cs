using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Hosting;

/// <summary>A start that has a catalogue does not wait for the upstream's.</summary>
public sealed class StoredCatalogueTests
{
    [Fact]
    public async Task With_a_stored_catalogue_a_silent_upstream_does_not_hold_up_the_start()
    {
        var folder = Directory.CreateTempSubdirectory("hub-stored-");
        await using (var upstream = await FakeUpstream.StartAsync())
        await using (var first = await StartAsync(folder, upstream.Address.ToString())) { }
        using var silent = SilentServer.Start();
        await using (var later = await StartAsync(folder, $"http://127.0.0.1:{silent.Port}/").WaitAsync(TimeSpan.FromMinutes(1)))
        {
            Assert.Equal(HttpStatusCode.OK, (await later.Anonymous.GetAsync("/health/live")).StatusCode);
            await silent.Reached.WaitAsync(TimeSpan.FromSeconds(30)); // the sync was begun all the same
        }
        folder.Delete(recursive: true);
    }

    private static Task<HubHost> StartAsync(DirectoryInfo folder, string upstream) =>
        HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = upstream, ["LITELLM_TIMEOUT"] = "10m" },
            folder: folder
        );
}

using System.Net;
using Gateway.Callers;
using Gateway.Core.Keys;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Callers;

/// <summary>Callers are kept in memory: changes made anywhere act here within a second, and guesses cost no memory.</summary>
public sealed class CallerCacheTests
{
    [Theory, BothDatabases]
    public async Task A_key_revoked_on_another_node_dies_within_a_second(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var key = await hub.AddCallerAsync();
        using var client = hub.NewClient(key.Text);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
        await hub.DecideAsync(
            ChangedEntities.ApiKey,
            key.Id,
            key.Key.PublicId,
            async db => (await db.ApiKeys.SingleAsync(k => k.Id == key.Id)).IsActive = false
        );
        var revoked = DateTime.UtcNow;
        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/v1/models")).StatusCode == HttpStatusCode.Unauthorized,
            "the key is refused"
        );
        Assert.True(DateTime.UtcNow - revoked < TimeSpan.FromSeconds(2), "It took longer than a second (and another for a busy machine).");
    }

    [Fact]
    public async Task A_key_that_was_unknown_a_moment_ago_works_as_soon_as_it_is_made()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["UNKNOWN_KEY_CACHE_SECONDS"] = "3600" });
        var key = ApiKeyText.Create();
        using var client = hub.NewClient(key.Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/models")).StatusCode);
        await hub.AddCallerAsync(describeKey: k => (k.PublicId, k.SecretHash) = (key.PublicId, key.SecretHash));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/models")).StatusCode); // its entry names another public id
        await hub.DecideHereAsync(ChangedEntities.ApiKey, "any", key.PublicId, _ => Task.CompletedTask);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Unknown_keys_are_not_remembered_when_the_option_says_zero()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["UNKNOWN_KEY_CACHE_SECONDS"] = "0" });
        var key = ApiKeyText.Create();
        using var client = hub.NewClient(key.Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/models")).StatusCode);
        // With an entry in the change log for another public id
        await hub.AddCallerAsync(describeKey: k => (k.PublicId, k.SecretHash) = (key.PublicId, key.SecretHash));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Guessed_keys_do_not_grow_the_memory_nor_drive_out_real_ones()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["CALLER_CACHE_SIZE"] = "100", ["UNKNOWN_KEY_CACHE_SECONDS"] = "3600" }
        );
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/v1/models")).StatusCode);
        var directory = hub.Services.GetRequiredService<CallerDirectory>();
        for (var i = 0; i < 300; i++)
        {
            Assert.Null(await directory.FindKeyAsync(Base62.Random(ApiKeyText.PublicIdLength), CancellationToken.None));
        }
        Assert.InRange(directory.KeysInMemory, 1, 100);
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/v1/models")).StatusCode);
    }

    [Theory, BothDatabases]
    public async Task Many_first_uses_of_a_key_at_once_all_pass(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var key = await hub.AddCallerAsync();
        using var client = hub.NewClient(key.Text);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetAsync("/v1/models")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
    }

    [Fact]
    public async Task A_tier_that_becomes_free_asks_for_approval_at_once()
    {
        await using var hub = await HubHost.StartAsync();
        var key = await hub.AddCallerAsync(u => u.FreeTierStatus = FreeTierStatuses.Pending);
        using var client = hub.NewClient(key.Text);
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "approval_required");
        await hub.DecideHereAsync(
            ChangedEntities.Tier,
            "*",
            null,
            async db => await db.Tiers.ExecuteUpdateAsync(s => s.SetProperty(t => t.IsFree, false))
        );
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
    }
}

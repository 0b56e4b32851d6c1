using Gateway.Core.Storage.Entities;
using Gateway.Stored;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Stored;

/// <summary>What upstreams keep and nobody uses ends: at the upstream first, so that nothing there is without an owner.</summary>
public sealed class KeptRetentionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(401);

    [Theory, BothDatabases]
    public async Task What_nobody_used_is_deleted_at_its_upstream_and_then_forgotten(TestDatabase database)
    {
        await using var hub = await ProviderHub.StartAsync(database);
        using var client = await hub.NewUserAsync();
        var file = await (await client.UploadAsync("What I know.", "user_data")).IdAsync();
        var conversation = await (await client.SendAsync(InferenceCalls.Post("/v1/conversations", "{}"))).IdAsync();
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a")));
        await client.EndAsync(await made.IdAsync());
        await AgeAsync(hub);
        await EndAsync(hub);
        Assert.Empty(await KeptAsync(hub));
        Assert.Contains(hub.Provider.Calls, c => c.Method == "DELETE" && c.Path == "/v1/files/" + file);
        Assert.Contains(hub.Provider.Calls, c => c.Method == "DELETE" && c.Path == "/v1/conversations/" + conversation);
        await using var db = await hub.Hub.Databases.CreateDbContextAsync();
        Assert.False(await db.BatchFiles.AnyAsync());
        Assert.Equal(404, (int)(await client.GetAsync($"{BatchCalls.Files}/{file}")).StatusCode);
    }

    [Theory, InlineData(500), InlineData(0)]
    public async Task What_its_upstream_does_not_delete_keeps_its_owner(int status)
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        using var other = await hub.NewUserAsync();
        var file = await (await client.UploadAsync("What I know.", "user_data")).IdAsync();
        await AgeAsync(hub);
        hub.Provider.FailsWith = status;
        await EndAsync(hub);
        hub.Provider.FailsWith = null;
        Assert.Equal(file, Assert.Single(await KeptAsync(hub)).Id);
        var refused = await other.SendAsync(InferenceCalls.Post("/v1/responses", Naming(file)));
        await refused.AssertRefusedAsync(404, "invalid_request_error", "file_not_found", "file_id");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_its_user_asks_for_or_names_in_a_call_stays(bool names)
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        var file = await (await client.UploadAsync("What I know.", "user_data")).IdAsync();
        await client.UploadAsync("What nobody wants to know.", "user_data");
        await AgeAsync(hub);
        using var used = names
            ? await client.SendAsync(InferenceCalls.Post("/v1/responses", Naming(file)))
            : await client.GetAsync($"{BatchCalls.Files}/{file}");
        Assert.Equal(200, (int)used.StatusCode);
        await EndAsync(hub);
        Assert.Equal(file, Assert.Single(await KeptAsync(hub)).Id);
    }

    [Fact]
    public async Task A_batch_that_is_not_settled_stays_with_what_it_wrote()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a"), BatchCalls.Line("b")), "lose");
        var output = (await client.EndAsync(await made.IdAsync())).GetProperty("output_file_id").GetString();
        await AgeAsync(hub);
        await EndAsync(hub);
        Assert.Equal(new[] { await made.IdAsync(), output }.Order(), (await KeptAsync(hub)).Select(k => k.Id).Order());
    }

    private static string Naming(string file) =>
        $$$"""{"model":"gpt-4o-mini","input":[{"role":"user","content":[{"type":"input_file","file_id":"{{{file}}}"}]}]}""";

    private static Task<int> EndAsync(ProviderHub hub) =>
        hub.Hub.Services.GetRequiredService<KeptRetention>().EndAsync(CancellationToken.None);

    private static async Task AgeAsync(ProviderHub hub)
    {
        await using var db = await hub.Hub.Databases.CreateDbContextAsync();
        var then = DateTime.UtcNow - Long;
        await db.KeptObjects.ExecuteUpdateAsync(set => set.SetProperty(k => k.UsedAt, then));
    }

    private static async Task<List<KeptObject>> KeptAsync(ProviderHub hub)
    {
        await using var db = await hub.Hub.Databases.CreateDbContextAsync();
        return await db.KeptObjects.AsNoTracking().ToListAsync();
    }
}

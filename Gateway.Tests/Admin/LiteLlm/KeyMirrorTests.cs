using System.Text.Json.Nodes;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.LiteLlm;

/// <summary>Section 4.4.11: keys are registered at LiteLLM too, when the option says so.</summary>
public sealed class KeyMirrorTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        var made = 0;
        _upstream.Manage = (call, _) =>
            call switch
            {
                "POST /key/generate" => $$"""{"key":"sk-x","token":"token-{{++made}}"}""",
                "POST /key/update" or "POST /key/delete" or "POST /key/block" or "POST /key/unblock" => "{}",
                _ => null,
            };
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task A_key_lives_and_dies_at_LiteLLM_too(TestDatabase database)
    {
        await using var hub = await StartAsync(database);
        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/users/me/api-keys",
            new
            {
                name = "ci",
                models = new[] { "m" },
                expires_at = DateTime.UtcNow.AddHours(1),
            }
        );
        created.Is(201);
        var (id, key) = (created.Body.Text("id"), created.Body.Text("api_key"));
        Assert.Equal("token-1", created.Body.Text("external_id"));
        var sent = Last();
        Assert.Equal(
            (key, hub.Admin.Id, "m", $"ci-{key[7..15]}"),
            ((string?)sent["key"], (string?)sent["user_id"], (string?)sent["models"]![0], (string?)sent["key_alias"])
        );
        Assert.InRange(int.Parse(((string)sent["duration"]!)[..^1]), 3_500, 3_600);

        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", new { is_active = false })).Is(200);
        Assert.Equal(("token-1", true), ((string?)Last()["key"], (bool)Last()["blocked"]!));

        var rotated = await hub.Admin.Client.SendAsync("POST", $"/api-keys/{id}/rotate", new { overlap_seconds = 0 });
        rotated.Is(200);
        Assert.Equal("token-2", rotated.Body.Text("external_id"));
        Assert.Equal(
            [$"POST /key/generate {rotated.Body.Text("api_key")}", "POST /key/block token-2", "POST /key/delete token-1"],
            Told().TakeLast(3)
        ); // it is off, and stays so

        (await hub.Admin.Client.SendAsync("DELETE", $"/api-keys/{id}")).Is(200);
        Assert.Equal("token-2", (string?)Last()["keys"]![0]);
    }

    [Fact]
    public async Task A_key_that_is_refused_here_is_not_asked_for_or_taken_away_again_there()
    {
        await using var hub = await StartAsync();
        (await hub.Admin.Client.SendAsync("POST", "/users/nobody/api-keys", new { name = "k" })).IsError(404, "user_not_found");
        Assert.Empty(_upstream.Bodies);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { max_api_keys_per_user = 0 })).Is(200);
        (await hub.Admin.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).IsError(409, "conflict");
        Assert.Equal("token-1", (string?)Last()["keys"]![0]);
    }

    [Fact]
    public async Task When_LiteLLM_does_not_delete_a_key_it_is_dead_here_all_the_same()
    {
        await using var hub = await StartAsync();
        var id = (await hub.Admin.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Body.Text("id");
        _upstream.Fail = call => call == "POST /key/delete" ? (500, "{}") : null;
        (await hub.Admin.Client.SendAsync("DELETE", $"/api-keys/{id}")).Is(200);
        Assert.True(await hub.ReadAsync(db => db.ApiKeys.AnyAsync(k => k.Id == id && k.DeletedAt != null)));
    }

    [Fact]
    public async Task The_keys_of_a_deleted_user_die_there_too()
    {
        await using var hub = await StartAsync();
        var person = await hub.NewPersonAsync();
        (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Is(201);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/users/{person.Id}")).Is(200);
        Assert.Equal("token-1", (string?)Last()["keys"]![0]);
    }

    [Theory, BothDatabases]
    public async Task The_keys_of_a_deactivated_user_are_blocked_there_until_the_user_is_active_again(TestDatabase database)
    {
        await using var hub = await StartAsync(database);
        var person = await hub.NewPersonAsync();
        await NewKeyAsync(person, "one");
        var switchedOff = await NewKeyAsync(person, "two");
        (await person.Client.SendAsync("PUT", $"/api-keys/{switchedOff}", new { is_active = false })).Is(200);
        await NewKeyAsync(hub.Admin, "another's");
        await SetActiveAsync(hub, person, false);
        await SetActiveAsync(hub, person, true);
        Assert.Equal(["POST /key/block token-1", "POST /key/unblock token-1"], Told().TakeLast(2));
        Assert.Equal(6, _upstream.Bodies.Count); // of the key that is off, and of another's, nothing
    }

    [Fact]
    public async Task A_change_of_a_key_whose_user_is_not_active_does_not_let_it_work_there()
    {
        await using var hub = await StartAsync();
        var person = await hub.NewPersonAsync();
        var id = await NewKeyAsync(person, "ci");
        await SetActiveAsync(hub, person, false);
        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", new { models = new[] { "m" } })).Is(200);
        Assert.True((bool)Last()["blocked"]!);
        (await hub.Admin.Client.SendAsync("POST", $"/api-keys/{id}/rotate", new { overlap_seconds = 0 })).Is(200);
        Assert.Equal(["POST /key/block token-2", "POST /key/delete token-1"], Told().TakeLast(2));
        (await hub.Admin.Client.SendAsync("POST", $"/users/{person.Id}/api-keys", new { name = "new" })).Is(201);
        Assert.Equal("POST /key/block token-3", Told().Last());
    }

    [Fact]
    public async Task A_user_is_deactivated_here_also_when_LiteLLM_does_not_block_and_a_second_time_tells_it_again()
    {
        await using var hub = await StartAsync();
        var person = await hub.NewPersonAsync();
        await NewKeyAsync(person, "ci");
        _upstream.Fail = call => call == "POST /key/block" ? (500, "{}") : null;
        await SetActiveAsync(hub, person, false);
        (await person.Client.ReadAsync("/me")).Is(401);
        Assert.DoesNotContain("POST /key/block token-1", Told());
        _upstream.Fail = _ => null;
        await SetActiveAsync(hub, person, false);
        Assert.Equal("POST /key/block token-1", Told().Last());
    }

    [Fact]
    public async Task Without_the_option_LiteLLM_hears_of_no_key()
    {
        await using var hub = await _upstream.StartHubAsync();
        (await hub.Admin.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Is(201);
        Assert.Empty(_upstream.Bodies);
    }

    private Task<AdminHub> StartAsync(TestDatabase database = TestDatabase.Sqlite) =>
        _upstream.StartHubAsync(database, ("LITELLM_MIRROR_KEYS", "true"));

    private static async Task<string> NewKeyAsync(Person person, string name)
    {
        var created = await person.Client.SendAsync("POST", "/users/me/api-keys", new { name });
        created.Is(201);
        return created.Body.Text("id");
    }

    private static async Task SetActiveAsync(AdminHub hub, Person person, bool isActive) =>
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { is_active = isActive })).Is(200);

    // What was answered, in order: the call and the key it is about.
    private List<string> Told() =>
        [
            .. _upstream.Managed.Zip(
                _upstream.Bodies.Select(b => JsonNode.Parse(b)!),
                (call, body) => $"{call} {body["keys"]?[0] ?? body["key"]}"
            ),
        ];

    private JsonNode Last() => JsonNode.Parse(_upstream.Bodies.Last())!;
}

using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.LiteLlm;

/// <summary>Section 4.4.10: without a LiteLLM the admin pages work on what is here.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class LocalDriverTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task The_key_page_shows_makes_changes_and_deletes_the_keys_here(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var alias = $"page-{person.Id}";
        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/litellm/users/keys",
            new
            {
                key_alias = alias,
                user_id = person.Id,
                models = new[] { "m" },
                max_budget = 5,
            }
        );
        created.Is(201);
        created.Body.HasExactly("key", "key_name", "key_alias", "user_id", "team_id", "expires", "token");
        Assert.StartsWith("sk-hub-", created.Body.Text("key"));

        var shown = (await hub.Admin.Client.ReadAsync($"/admin/litellm/users/info?user_id={person.Id}")).Body.At("keys.0");
        Assert.Equal(
            (created.Body.Text("token"), alias, 5m, 0m, "m", false),
            (
                shown.Text("token"),
                shown.Text("key_alias"),
                shown.Number("max_budget"),
                shown.Number("spend"),
                shown.Text("models.0"),
                shown.At("blocked").GetBoolean()
            )
        );
        Assert.DoesNotContain(created.Body.Text("key"), shown.GetRawText());

        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/litellm/users/keys/{alias}",
                new { max_budget = (decimal?)null, models = Array.Empty<string>() }
            )
        ).Is(200);
        var changed = (await hub.Admin.Client.ReadAsync($"/admin/litellm/users/info?user_id={person.Id}")).Body.At("keys.0");
        Assert.Equal((JsonValueKind.Null, 0), (changed.At("max_budget").ValueKind, changed.At("models").GetArrayLength()));
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/litellm/users/keys/{alias}", new { tpm_limit = 5 })).IsError(
            400,
            "validation_failed"
        );
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/litellm/users/keys/{created.Body.Text("token")}")).Is(200);
        Assert.Empty((await hub.Admin.Client.ReadAsync($"/admin/litellm/users/info?user_id={person.Id}")).Body.At("keys").EnumerateArray());
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/litellm/users/keys/{alias}")).IsError(404, "not_found");
    }

    [Fact]
    public async Task Models_are_listed_and_their_figures_are_our_own()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        Assert.NotEmpty((await hub.Admin.Client.ReadAsync("/admin/models/litellm")).Body.At("models").EnumerateArray());
        Assert.NotEmpty((await hub.Admin.Client.ReadAsync("/admin/litellm/models/info")).Body.At("data").EnumerateArray());
        Assert.Equal(
            "local",
            (await hub.Admin.Client.ReadAsync("/admin/litellm/global/spend")).Headers.GetValues("X-Data-Source").Single()
        );
    }
}

using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Teams;

/// <summary>Section 2.9b, teams.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class TeamTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_team_is_made_read_changed_and_ended(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var id = "team." + Guid.NewGuid().ToString("N")[..10];

        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/teams",
            new
            {
                id,
                name = "Blue",
                description = "d",
            }
        );
        created.Is(201);
        created.Body.HasExactly("success", "message", "data", "team");
        created.Body.At("team").HasExactly("id", "name", "description", "members_count", "created_at", "updated_at");
        Assert.Equal(
            (id, "Blue", 0m),
            (created.Body.Text("data.id"), created.Body.Text("data.name"), created.Body.Number("data.members_count"))
        );
        (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { id, name = "Other" })).IsError(409, "conflict");

        var changed = await hub.Admin.Client.SendAsync("PATCH", $"/admin/teams/{id}", new { name = "Red", description = (string?)null });
        Assert.Equal("Red", changed.Body.Text("team.name"));
        Assert.Contains(
            id,
            (await hub.Admin.Client.ReadAsync($"/admin/teams?search={id}")).Body.At("teams").EnumerateArray().Select(t => t.Text("id"))
        );
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/teams/{id}")).Is(200);
        (await hub.Admin.Client.ReadAsync($"/admin/teams/{id}")).IsError(404, "not_found");
        Assert.Equal(["team.created", "team.updated", "team.deleted"], (await hub.AuditOfAsync(id)).Select(a => a.Action));
    }

    [Theory, BothDatabases]
    public async Task A_team_with_members_stays(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var id = (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { name = "Blue" })).Body.Text("data.id");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { team_id = id })).Is(200);
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { team_id = id, max_budget = 5 })).Is(201);

        Assert.Equal(1, (await hub.Admin.Client.ReadAsync($"/admin/teams/{id}")).Body.Number("data.members_count"));
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/teams/{id}")).IsError(409, "team_in_use");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { team_id = (string?)null })).Is(200);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/teams/{id}")).Is(200);
        Assert.Equal(0, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.TeamId == id)));
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("{\"name\":\"x\",\"id\":\"a/b\"}", "id")]
    [InlineData("{\"name\":\"x\",\"id\":\"..\"}", "id")]
    public async Task A_wrong_member_is_named(string body, string field)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/teams", body);
        answer.IsError(400, "validation_failed");
        Assert.Equal(field, answer.Body.Text("details.0.field"));
    }
}

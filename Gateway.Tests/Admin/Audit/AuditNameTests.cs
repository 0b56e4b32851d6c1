using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Audit;

/// <summary>The audit log speaks the API's words: its names, and money in USD.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class AuditNameTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task Money_is_in_usd_and_members_have_their_names(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var admin = hub.Admin.Client;
        var person = await hub.NewPersonAsync();
        var budget = (
            await admin.SendAsync(
                "POST",
                "/admin/budgets",
                new
                {
                    max_budget = 12.5,
                    user_id = person.Id,
                    reset_at = "2035-01-05T10:00:00Z",
                }
            )
        ).Body.Text("data.id");
        (await admin.SendAsync("PUT", $"/admin/budgets/{budget}", new { max_budget = 20 })).Is(200);
        var tier = (await admin.SendAsync("POST", "/admin/tiers", new { name = $"{Guid.NewGuid():N}", price = 7.25 })).Body.Text("data.id");

        var changed = await EntryAsync(hub, budget, "budget.updated");
        Assert.Equal((12.5m, 20m), (changed.Number("before.max_budget"), changed.Number("after.max_budget")));
        Assert.Equal("2035-01-05T10:00:00Z", (await EntryAsync(hub, budget, "budget.created")).Text("after.reset_at"));
        Assert.Equal(7.25m, (await EntryAsync(hub, tier, "tier.created")).Number("after.price"));
    }

    [Fact]
    public async Task No_entry_names_a_column_or_its_unit()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var admin = hub.Admin.Client;
        var person = await hub.NewPersonAsync();
        (await admin.SendAsync("PUT", $"/admin/users/{person.Id}", new { password = "password124" })).Is(200);
        (await admin.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "deposit", amount = 1.5 })).Is(201);
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 5 })).IsError(401, "token_revoked");

        foreach (var entry in (await admin.ReadAsync("/admin/audit-logs?limit=200")).Body.At("data").EnumerateArray())
        {
            Assert.DoesNotMatch(
                "nano|pico|_hash|_key\"|anchor|admin_edited",
                entry.At("before").GetRawText() + entry.At("after").GetRawText()
            );
        }
    }

    private static async Task<JsonElement> EntryAsync(AdminHub hub, string id, string action) =>
        (await hub.Admin.Client.ReadAsync($"/admin/audit-logs?entity_id={id}&action={action}")).Body.At("data.0");
}

using System.Net;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Tiers;

/// <summary>Sections 2.4, 2.9 and 2.9b, tiers.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class TierTests(AdminHubs hubs)
{
    private static readonly string[] Members =
    [
        "id",
        "name",
        "description",
        "is_free",
        "price",
        "max_output_tokens",
        "billing_mode",
        "fail_open",
        "users_count",
        "created_at",
        "updated_at",
    ];

    [Theory, BothDatabases]
    public async Task A_new_tier_has_what_was_sent_and_defaults_for_the_rest(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var name = NewName();

        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/tiers", new { name, price = 12.5 });

        answer.Is(201);
        answer.Body.HasExactly("success", "message", "data", "tier");
        var tier = answer.Body.At("tier");
        tier.HasExactly(Members);
        Assert.Equal(
            (name, 12.5m, false, false, 0m),
            (
                tier.Text("name"),
                tier.Number("price"),
                tier.At("is_free").GetBoolean(),
                tier.At("fail_open").GetBoolean(),
                tier.Number("users_count")
            )
        );
        var read = (await hub.Admin.Client.ReadAsync($"/admin/tiers/{tier.Text("id")}")).Body;
        Assert.Equal(tier.GetRawText(), read.At("data").GetRawText());
        Assert.Equal("tier.created", (await hub.AuditOfAsync(tier.Text("id"))).Single().Action);
    }

    [Theory, BothDatabases]
    public async Task The_public_list_is_sorted_by_price_and_changes_its_tag_with_a_tier(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var before = await hub.Anonymous.ReadAsync("/tiers");
        before.Is(200);
        before.Body.HasExactly("success", "message", "data", "tiers", "total_count", "limit", "offset", "has_more");
        before.Body.At("data.0").HasExactly("id", "name", "description", "is_free", "price", "created_at");
        Assert.Equal(
            before.Body.At("data").EnumerateArray().Select(t => t.Number("price")).Order(),
            before.Body.At("data").EnumerateArray().Select(t => t.Number("price"))
        );
        var tag = before.Headers.ETag!.ToString();

        using var same = await hub.Anonymous.SendAsync(Conditional(tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        await hub.Admin.Client.SendAsync("POST", "/admin/tiers", new { name = NewName() });
        using var changed = await hub.Anonymous.SendAsync(Conditional(tag));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        static HttpRequestMessage Conditional(string tag)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/tiers");
            request.Headers.Add("If-None-Match", tag);
            return request;
        }
    }

    [Theory, BothDatabases]
    public async Task An_update_changes_what_was_sent_and_a_name_is_unique_in_any_case(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (id, name) = await NewTierAsync(hub);
        var (otherId, _) = await NewTierAsync(hub);

        var answer = await hub.Admin.Client.SendAsync(
            "PUT",
            $"/admin/tiers/{id}",
            new
            {
                description = "x",
                max_output_tokens = 100,
                billing_mode = "prepaid",
                fail_open = true,
            }
        );
        answer.Is(200);
        Assert.Equal(
            ("x", 100m, "prepaid", true),
            (
                answer.Body.Text("data.description"),
                answer.Body.Number("data.max_output_tokens"),
                answer.Body.Text("data.billing_mode"),
                answer.Body.At("data.fail_open").GetBoolean()
            )
        );
        var cleared = await hub.Admin.Client.SendAsync(
            "PATCH",
            $"/admin/tiers/{id}",
            new { max_output_tokens = (long?)null, billing_mode = (string?)null }
        );
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null),
            (cleared.Body.At("data.max_output_tokens").ValueKind, cleared.Body.At("data.billing_mode").ValueKind)
        );
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/tiers/{otherId}", new { name = name.ToUpperInvariant() })).IsError(
            409,
            "name_taken"
        );
        (await hub.Admin.Client.SendAsync("POST", "/admin/tiers", new { name = name.ToUpperInvariant() })).IsError(409, "name_taken");
    }

    [Theory, BothDatabases]
    public async Task A_tier_with_users_stays_and_an_empty_one_goes_with_its_limits(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (id, _) = await NewTierAsync(hub);
        var person = await hub.NewPersonAsync();
        var free = await hub.ReadAsync(db => db.Tiers.SingleAsync(t => t.Name == "Free"));
        var model = await hub.ReadAsync(db => db.Models.AsNoTracking().FirstAsync());
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { tier_id = id })).Is(200);
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    tier_id = id,
                    model_id = model.Id,
                    requests_per_minute = 5,
                }
            )
        ).Is(201);
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/budgets",
                new
                {
                    tier_id = id,
                    model_id = model.Id,
                    max_budget = 5,
                }
            )
        ).Is(201);

        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/tiers/{id}")).IsError(409, "tier_in_use");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { tier_id = free.Id })).Is(200);
        var deleted = await hub.Admin.Client.SendAsync("DELETE", $"/admin/tiers/{id}");

        deleted.Is(200);
        deleted.Body.HasExactly("success", "message", "data");
        Assert.Equal(
            (0, 0),
            (
                await hub.ReadAsync(db => db.RateLimits.CountAsync(l => l.TierId == id)),
                await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.TierId == id))
            )
        );
        (await hub.Admin.Client.ReadAsync($"/admin/tiers/{id}")).IsError(404, "tier_not_found");
    }

    [Fact]
    public async Task The_last_free_tier_stays_one()
    {
        await using var hub = await AdminHub.StartAsync();
        var free = await hub.ReadAsync(db => db.Tiers.SingleAsync(t => t.Name == "Free"));
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/tiers/{free.Id}", new { is_free = false })).IsError(409, "conflict");
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/tiers/{free.Id}")).IsError(409, "conflict");
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("{\"name\":\"\"}", "name")]
    [InlineData("{\"name\":\"x\",\"price\":-1}", "price")]
    [InlineData("{\"name\":\"x\",\"price\":\"1\"}", "price")]
    [InlineData("{\"name\":\"x\",\"is_free\":1}", "is_free")]
    [InlineData("{\"name\":\"x\",\"max_output_tokens\":0}", "max_output_tokens")]
    [InlineData("{\"name\":\"x\",\"billing_mode\":\"later\"}", "billing_mode")]
    public async Task A_wrong_member_is_named(string body, string field)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/tiers", body);
        answer.IsError(400, "validation_failed");
        Assert.Equal(field, answer.Body.Text("details.0.field"));
    }

    private static string NewName() => "Tier " + Guid.NewGuid().ToString("N")[..10];

    private static async Task<(string Id, string Name)> NewTierAsync(AdminHub hub)
    {
        var name = NewName();
        return ((await hub.Admin.Client.SendAsync("POST", "/admin/tiers", new { name })).Body.Text("data.id"), name);
    }
}

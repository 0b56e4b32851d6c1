using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Usage;

/// <summary>Usage by tag and end user, of everybody and of oneself; lists of calls by them; budgets of end users.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class LabelUsageTests(AdminHubs hubs)
{
    private static readonly DateTime Day = new(2019, 5, 6, 0, 0, 0, DateTimeKind.Utc);
    private const string Times = "&from=2019-05-06&to=2019-05-07";

    [Theory, BothDatabases]
    public async Task Usage_is_split_by_tag_and_by_end_user(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        await WriteAsync(hub, person.Id);

        var byTag = (await hub.Admin.Client.ReadAsync($"/admin/usage?group_by=tag&user_id={person.Id}{Times}")).Body.At("data.usage");
        Assert.Equal([("web", 2L), ("eu", 1L)], Rows(byTag, "tag"));
        var byUser = (await person.Client.ReadAsync($"/users/me/usage?group_by=day,end_user{Times}")).Body.At("data.usage");
        Assert.Equal([("bob", 1L), ("ann", 1L)], Rows(byUser, "end_user"));
        var days = (await person.Client.ReadAsync($"/users/me/usage?group_by=day&end_user=ann{Times}")).Body.At("data.usage");
        Assert.Equal([("2019-05-06", 1L)], Rows(days, "day"));
    }

    [Fact]
    public async Task Table_has_the_tag_and_no_cost_of_the_upstream_for_its_user()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        await WriteAsync(hub, person.Id);

        using var call = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/users/me/usage?group_by=tag{Times}");
        call.Headers.Accept.ParseAdd("text/csv");
        using var answer = await person.Client.SendAsync(call);
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.StartsWith("tag,requests,", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("upstream_cost", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("web,2,", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group_by=tag,model")]
    [InlineData("group_by=tag,end_user")]
    [InlineData("group_by=tag,hour")]
    [InlineData("group_by=tag&model_id=m")]
    [InlineData("group_by=day&tag=a&end_user=b")]
    [InlineData("group_by=tag&from=2019-05-06T01:00:00Z")]
    public async Task Questions_that_no_sum_answers_are_refused_with_what_goes(string query)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.ReadAsync($"/admin/usage?{query}")).IsError(400, "validation_failed");
    }

    [Theory, BothDatabases]
    public async Task Lists_of_calls_are_filtered_by_tag_and_end_user(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        await WriteAsync(hub, person.Id);

        foreach (
            var (client, path) in new[]
            {
                (person.Client, "/requests?"),
                (hub.Admin.Client, $"/admin/requests?user_id={person.Id}&"),
                (hub.Admin.Client, $"/admin/requests/user/{person.Id}?"),
            }
        )
        {
            Assert.Equal(2, (await client.ReadAsync($"{path}tag=web")).Body.At("data.total").GetInt64());
            var ofAnn = (await client.ReadAsync($"{path}end_user=ann")).Body.At("data");
            Assert.Equal(1, ofAnn.At("total").GetInt64());
            Assert.Equal(("ann", "web"), (ofAnn.At("data.0").Text("end_user"), ofAnn.At("data.0.tags.0").GetString()));
        }
        var history = (await person.Client.ReadAsync("/users/me/requests?tag=eu")).Body;
        Assert.Equal(1, history.At("total_count").GetInt64());
        Assert.Equal("ann", history.At("requests.0").Text("end_user"));
    }

    [Fact]
    public async Task Budget_of_an_end_user_is_made_shown_changed_and_deleted_with_its_trace()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var client = hub.Admin.Client;

        var made = await client.SendAsync(
            "POST",
            "/admin/budgets",
            new
            {
                user_id = person.Id,
                end_user = "ann",
                max_budget = 2,
            }
        );
        made.Is(201);
        var id = made.Body.At("budget").Text("id")!;
        Assert.Equal(("ann", 2m), (made.Body.At("budget").Text("end_user"), made.Body.At("budget").Number("remaining_budget")));
        Assert.Equal(1, (await client.ReadAsync($"/admin/budgets?user_id={person.Id}&end_user=ann")).Body.At("total_count").GetInt64());
        (await client.SendAsync("PATCH", $"/admin/budgets/{id}", new { end_user = "bob" })).IsError(400, "validation_failed");
        (await client.SendAsync("PATCH", $"/admin/budgets/{id}", new { max_budget = 3 })).Is(200);
        (await client.SendAsync("DELETE", $"/admin/budgets/{id}")).Is(200);
        var audit = (await client.ReadAsync($"/admin/audit-logs?entity_type=budget&entity_id={id}")).Body.At("audit_logs");
        Assert.Equal(["budget.deleted", "budget.updated", "budget.created"], audit.EnumerateArray().Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task Budget_of_an_end_user_is_no_budget_of_the_user_or_the_key()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/budgets",
                new
                {
                    user_id = person.Id,
                    end_user = "*",
                    max_budget = 1,
                }
            )
        ).Is(201);

        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 50 })).Is(200);
        Assert.Equal(50m, (await person.Client.ReadAsync("/users/me/budget")).Body.Number("monthly_limit"));
    }

    [Theory]
    [InlineData("""{"end_user":"ann","max_budget":1}""")]
    [InlineData("""{"tier_id":"t","model_id":"m","end_user":"ann","max_budget":1}""")]
    public async Task Budget_of_an_end_user_needs_whose_it_is(string body)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", JsonSerializer.Deserialize<JsonElement>(body))).IsError(
            400,
            "validation_failed"
        );
    }

    private static List<(string?, long)> Rows(JsonElement rows, string name) =>
        [.. rows.EnumerateArray().Select(row => (row.Text(name), row.At("requests").GetInt64()))];

    private static Task WriteAsync(AdminHub hub, string userId) =>
        hub.WriteAsync(Call(userId, 1, "ann", "web", "eu"), Call(userId, 2, "bob", "web"), Call(userId, 3, null));

    private static UsageRecord Call(string userId, long cost, string? endUser, params string[] tags) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Attempts = 1,
            UserId = userId,
            TierId = "tier-1",
            ModelId = "model-1",
            ModelName = "gpt-4o-mini",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new() { Input = 10, Output = 3 },
            TotalCostNanoUsd = cost,
            AdmittedAt = Day.AddHours(cost),
            EndedAt = Day.AddHours(cost),
            EndUser = endUser,
            Tags = tags,
        };
}

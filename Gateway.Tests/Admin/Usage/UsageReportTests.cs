using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Usage;

/// <summary><c>/admin/usage</c>: sums of sums, split by anything.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class UsageReportTests(AdminHubs hubs)
{
    private static readonly DateTime Monday = new(2020, 2, 3, 0, 0, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task Every_grouping_adds_up_to_the_same_total(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var team = await WriteAsync(hub);
        foreach (
            var (by, groups) in new[]
            {
                ("user", 2),
                ("key", 3),
                ("model", 2),
                ("team", 1),
                ("tier", 2),
                ("day", 3),
                ("hour", 4),
                ("user,day", 5),
                ("key,model,tier,hour", 6),
                ("user,key,model,team,tier,day", 6),
            }
        )
        {
            var data = await ReadAsync(hub, $"group_by={by}&team_id={team}&from=2020-02-03&to=2020-02-05&limit=100");
            Assert.Equal((groups, groups), ((int)data.Number("total_count"), data.At("usage").GetArrayLength()));
            Assert.Equal((21m, 0.000000063m), (data.Number("totals.requests"), data.Number("totals.total_cost")));
            foreach (
                var member in new[]
                {
                    "requests",
                    "failed_requests",
                    "estimated_requests",
                    "input_tokens",
                    "output_tokens",
                    "total_tokens",
                    "input_cost",
                    "output_cost",
                    "total_cost",
                    "upstream_cost",
                }
            )
            {
                Assert.Equal(data.Number("totals." + member), data.At("usage").EnumerateArray().Sum(r => r.Number(member)));
            }
        }
    }

    [Theory, BothDatabases]
    public async Task A_row_names_what_it_was_grouped_by_and_nothing_else(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Body;
        var model = await hub.ReadAsync(db => Task.FromResult(db.Models.First()));
        var tier = await hub.ReadAsync(db => Task.FromResult(db.Tiers.First()));
        await hub.WriteAsync(Both(Monday.AddHours(9), person.Id, key.Text("id"), model.Id, "", tier.Id, 4));

        var row = (
            await ReadAsync(
                hub,
                $"group_by=user,key,model,team,tier,hour&from=2020-02-03T09:00:00Z&to=2020-02-03T10:00:00Z&user_id={person.Id}"
            )
        ).At("usage.0");

        row.HasExactly(
            "day",
            "hour",
            "user_id",
            "user_email",
            "api_key_id",
            "api_key_name",
            "model_id",
            "model",
            "team_id",
            "team",
            "tier_id",
            "tier",
            "tag",
            "end_user",
            "requests",
            "failed_requests",
            "estimated_requests",
            "input_tokens",
            "output_tokens",
            "total_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
            "input_media_tokens",
            "reasoning_tokens",
            "output_media_tokens",
            "input_cost",
            "output_cost",
            "total_cost",
            "upstream_cost"
        );
        Assert.Equal(
            ("2020-02-03T09:00:00Z", person.Id, person.Email, key.Text("id"), "ci"),
            (row.Text("hour"), row.Text("user_id"), row.Text("user_email"), row.Text("api_key_id"), row.Text("api_key_name"))
        );
        Assert.Equal(
            (model.Id, model.Name, tier.Id, tier.Name),
            (row.Text("model_id"), row.Text("model"), row.Text("tier_id"), row.Text("tier"))
        );
        Assert.All(["day", "team_id", "team"], name => Assert.Equal(JsonValueKind.Null, row.At(name).ValueKind));
        Assert.Equal(
            (4m, 4m * (1 + 2 + 3 + 4), 4m * (5 + 6 + 7), 12e-9m, 8e-9m, 4e-9m),
            (
                row.Number("requests"),
                row.Number("input_tokens"),
                row.Number("output_tokens"),
                row.Number("total_cost"),
                row.Number("input_cost"),
                row.Number("output_cost")
            )
        );
        var day = (await ReadAsync(hub, $"group_by=day&from=2020-02-03&to=2020-02-03&user_id={person.Id}")).At("usage.0");
        Assert.Equal(("2020-02-03", JsonValueKind.Null), (day.Text("day"), day.At("user_id").ValueKind));
    }

    [Theory, BothDatabases]
    public async Task A_time_counts_whole_hours_and_its_end_is_not_in_it(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var team = await WriteAsync(hub);
        Assert.Equal(6, await RequestsAsync("from=2020-02-03T09:00:00Z&to=2020-02-04T09:00:00Z"));
        Assert.Equal(15, await RequestsAsync("from=2020-02-03T09:00:00Z&to=2020-02-04T10:00:00Z"));
        Assert.Equal(18, await RequestsAsync("from=2020-02-04&to=2020-02-05"));
        Assert.Equal(12, await RequestsAsync("from=2020-02-04T00:00:00Z&to=2020-02-05T00:00:00Z"));
        Assert.Equal(0, await RequestsAsync("")); // the last thirty days

        async Task<decimal> RequestsAsync(string time) =>
            (await ReadAsync(hub, $"team_id={team}&group_by=model&{time}")).Number("totals.requests");
    }

    [Theory, BothDatabases]
    public async Task Pages_follow_each_other_without_a_gap(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var team = await WriteAsync(hub);
        var query = $"group_by=key,model,hour&team_id={team}&from=2020-02-03&to=2020-02-05";
        var whole = (await ReadAsync(hub, query)).At("usage").EnumerateArray().Select(r => r.GetRawText()).ToList();
        List<string> paged = [];
        for (var offset = 0; offset < 8; offset += 2)
        {
            var page = await ReadAsync(hub, $"{query}&limit=2&offset={offset}");
            Assert.Equal(
                (6m, offset < 4, 21m),
                (page.Number("total_count"), page.At("has_more").GetBoolean(), page.Number("totals.requests"))
            );
            paged.AddRange(page.At("usage").EnumerateArray().Select(r => r.GetRawText()));
        }
        Assert.Equal(whole, paged);
    }

    [Theory, BothDatabases]
    public async Task A_table_has_the_columns_of_its_groupings_and_all_rows(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var team = await WriteAsync(hub, "=team,\"x\"");
        var lines = await TableAsync($"group_by=team,hour&team_id={Uri.EscapeDataString(team)}&from=2020-02-03&to=2020-02-05");
        Assert.Equal(
            "hour,team_id,team,requests,failed_requests,estimated_requests,input_tokens,output_tokens,total_tokens,cache_read_tokens,cache_write_tokens,input_media_tokens,reasoning_tokens,output_media_tokens,input_cost,output_cost,total_cost,upstream_cost",
            lines[0]
        );
        Assert.Equal(5, lines.Length);
        Assert.StartsWith(
            $"2020-02-03T09:00:00Z,\"'{team.Replace("\"", "\"\"")}\",,3,0,0,30,54,84,6,9,12,18,21,0.000000006,0.000000003,0.000000009,0.00000000",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Equal(
            3,
            (await TableAsync($"group_by=hour&team_id={Uri.EscapeDataString(team)}&from=2020-02-03&to=2020-02-05&limit=2&offset=1")).Length
        );

        async Task<string[]> TableAsync(string query)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/admin/usage?" + query);
            request.Headers.Accept.ParseAdd("text/csv");
            using var answer = await hub.Admin.Client.SendAsync(request);
            Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            return (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [Theory]
    [InlineData("group_by=colour")]
    [InlineData("group_by=user,user")]
    [InlineData("group_by=day,hour")]
    [InlineData("group_by=,")]
    [InlineData("from=yesterday")]
    [InlineData("from=2020-02-03T09:30:00Z&group_by=hour")]
    [InlineData("to=2020-02-03T09:30:00Z&group_by=hour")]
    [InlineData("from=2020-02-03T09:00:00Z&group_by=day")]
    [InlineData("limit=-1")]
    public async Task A_question_that_the_sums_cannot_answer_is_refused(string query) =>
        (await (await hubs.OnAsync(TestDatabase.Sqlite)).Admin.Client.ReadAsync("/admin/usage?" + query)).IsError(400, "validation_failed");

    [Theory, BothDatabases]
    public async Task Calls_of_a_user_show_up_in_their_tier(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        using var answer = await hub.Host.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var record = await hub.Host.RecordAsync(answer);
        var row = (await ReadAsync(hub, $"group_by=tier,model,key&user_id={record.UserId}")).At("usage.0"); // the sums come with the record
        Assert.Equal(
            (record.TierId, "gpt-4o-mini", record.ApiKeyId, record.TotalCostNanoUsd / 1e9m),
            (row.Text("tier_id"), row.Text("model"), row.Text("api_key_id"), row.Number("total_cost"))
        );
    }

    private static async Task<JsonElement> ReadAsync(AdminHub hub, string query)
    {
        var answer = await hub.Admin.Client.ReadAsync("/admin/usage?" + query);
        answer.Is(200);
        return answer.Body.At("data");
    }

    // 21 calls of a team of this test: two users, three keys, two models, two tiers, four hours on three days.
    private static async Task<string> WriteAsync(AdminHub hub, string? name = null)
    {
        var team = (name ?? "team") + Guid.NewGuid().ToString("N")[..8];
        await hub.WriteAsync([
            .. Both(Monday.AddHours(9), "u1", "k1", "m1", team, "t1", 1),
            .. Both(Monday.AddHours(9), "u2", "k3", "m1", team, "t1", 2),
            .. Both(Monday.AddHours(32), "u1", "k1", "m1", team, "t1", 3),
            .. Both(Monday.AddHours(33), "u1", "k2", "m2", team, "t1", 4),
            .. Both(Monday.AddHours(33), "u2", "k3", "m2", team, "t2", 5),
            .. Both(Monday.AddHours(57), "u1", "k1", "m1", team, "t1", 6),
        ]);
        return team;
    }

    private static PastSum[] Both(DateTime hour, string user, string key, string model, string team, string tier, long requests) =>
        [
            Sum(new HourlyUsage { BucketStart = hour }.Of(user, key, model, team, tier), requests),
            Sum(new DailyUsage { BucketStart = hour.Date }.Of(user, key, model, team, tier), requests),
        ];

    private static PastSum Sum(PastSum past, long requests)
    {
        var sum = past.Sum;
        (sum.Requests, sum.InputTokens, sum.CacheReadTokens, sum.CacheWriteTokens, sum.InputMediaTokens) = (
            requests,
            requests,
            2 * requests,
            3 * requests,
            4 * requests
        );
        (sum.OutputTokens, sum.ReasoningTokens, sum.OutputMediaTokens) = (5 * requests, 6 * requests, 7 * requests);
        (sum.TotalCostNanoUsd, sum.OutputCostNanoUsd, sum.UpstreamCostNanoUsd) = (3 * requests, requests, 2 * requests);
        return past;
    }
}

using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Usage;

/// <summary>Section 2.6, requests and spending.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class UsageTests(AdminHubs hubs)
{
    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task A_row_has_every_member_that_the_clients_read(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var key = await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" });
        await hub.WriteAsync(
            Record(
                person.Id,
                Noon,
                r =>
                {
                    (r.ApiKeyId, r.ExternalRequestId, r.Provider, r.TeamId) = (key.Body.Text("id"), "chatcmpl-1", "openai", "team-1");
                    r.Usage = new()
                    {
                        Input = 8,
                        CacheRead = 2,
                        Output = 15,
                        Reasoning = 5,
                    };
                    (r.TotalCostNanoUsd, r.FirstByteAt, r.EndedAt) = (225_000, Noon.AddSeconds(1), Noon.AddSeconds(2.5));
                }
            )
        );

        var answer = await person.Client.ReadAsync("/users/me/requests");

        answer.Is(200);
        answer.Body.HasExactly("requests", "total_count", "limit", "offset", "has_more");
        Assert.Equal(
            (1, 50, 0, false),
            (
                answer.Body.Number("total_count"),
                answer.Body.Number("limit"),
                answer.Body.Number("offset"),
                answer.Body.At("has_more").GetBoolean()
            )
        );
        var row = answer.Body.At("requests.0");
        row.HasExactly(
            "id",
            "request_id",
            "call_type",
            "api_key",
            "api_key_name",
            "api_key_id",
            "api_key_preview",
            "model",
            "model_group",
            "custom_llm_provider",
            "user",
            "cost",
            "spend",
            "total_tokens",
            "input_tokens",
            "output_tokens",
            "prompt_tokens",
            "completion_tokens",
            "start_time",
            "end_time",
            "completion_start_time",
            "created_at",
            "session_id",
            "status",
            "cache_hit",
            "cache_key",
            "request_tags",
            "team_id",
            "end_user",
            "requester_ip_address",
            "api_base",
            "metadata",
            "messages",
            "response",
            "proxy_server_request"
        );
        Assert.Equal(
            ("chatcmpl-1", "acompletion", "gpt-4o", "gpt-4o", "openai", "ci"),
            (
                row.Text("request_id"),
                row.Text("call_type"),
                row.Text("model"),
                row.Text("model_group"),
                row.Text("custom_llm_provider"),
                row.Text("api_key_name")
            )
        );
        Assert.Equal(key.Body.Text("api_key_preview"), row.Text("api_key"));
        Assert.Equal(
            (10, 20, 30, 10, 20),
            (
                row.Number("input_tokens"),
                row.Number("output_tokens"),
                row.Number("total_tokens"),
                row.Number("prompt_tokens"),
                row.Number("completion_tokens")
            )
        );
        Assert.Equal("0.000225", row.At("cost").GetRawText());
        Assert.Equal(
            ("success", "False", "team-1", person.Id),
            (row.Text("status"), row.Text("cache_hit"), row.Text("team_id"), row.Text("user"))
        );
        Assert.Equal(
            ("2026-01-05T12:00:00Z", "2026-01-05T12:00:02.5Z", "2026-01-05T12:00:01Z"),
            (row.Text("start_time"), row.Text("end_time"), row.Text("completion_start_time"))
        );
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null, 0),
            (row.At("messages").ValueKind, row.At("response").ValueKind, row.At("request_tags").GetArrayLength())
        );
    }

    [Theory, BothDatabases]
    public async Task The_newest_come_first_and_filters_and_pages_hold(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (person, other) = (await hub.NewPersonAsync(), await hub.NewPersonAsync());
        string[] ids = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7().ToString())];
        for (var i = 0; i < ids.Length; i++)
        {
            var id = ids[i];
            var model = i == 3 ? "other-model" : "m1";
            await hub.WriteAsync(
                Record(
                    person.Id,
                    Noon.AddDays(i),
                    r => (r.Id, r.ModelId, r.Status, r.CacheHit) = (id, model, i == 0 ? "failed" : "completed", i == 0)
                )
            );
        }
        await hub.WriteAsync(Record(other.Id, Noon, _ => { }));

        async Task<string> RowsAsync(string query) =>
            string.Join(
                ' ',
                (await person.Client.ReadAsync($"/users/{person.Id}/requests?{query}"))
                    .Body.At("requests")
                    .EnumerateArray()
                    .Select(r => Array.IndexOf(ids, r.Text("id")))
            );

        Assert.Equal("4 3 2 1 0", await RowsAsync(""));
        Assert.Equal("3 2", await RowsAsync("limit=2&offset=1"));
        Assert.Equal("3 2", await RowsAsync("limit=2&skip=1"));
        Assert.Equal("3", await RowsAsync("model_id=other-model"));
        Assert.Equal("2 1", await RowsAsync("date_from=2026-01-06&date_to=2026-01-07")); // a date as the end counts whole
        Assert.Equal("2 1", await RowsAsync("date_from=2026-01-06T12:00:00Z&date_to=2026-01-07T12:00:00Z"));
        Assert.Equal("1 0", await RowsAsync("date_to=2026-01-06T15:00:00%2B03:00"));
        var failed = (await person.Client.ReadAsync("/users/me/requests?offset=4")).Body.At("requests.0");
        Assert.Equal(("failure", "True", failed.Text("id")), (failed.Text("status"), failed.Text("cache_hit"), failed.Text("request_id")));
        Assert.True((await person.Client.ReadAsync("/users/me/requests?limit=4")).Body.At("has_more").GetBoolean());
        (await person.Client.ReadAsync("/users/me/requests?date_from=yesterday")).IsError(400, "validation_failed");
    }

    [Theory, BothDatabases]
    public async Task Spending_sums_the_rollups_exactly(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var models = await hub.ReadAsync(db => db.Models.AsNoTracking().OrderBy(m => m.Name).Take(2).ToListAsync());
        var today = DateTime.UtcNow.Date;
        var lastYear = today.AddDays(-400);
        PastSum Day(DateTime day, string model, long requests, long cost, string key) =>
            new DailyUsage
            {
                BucketStart = DateTime.SpecifyKind(day, DateTimeKind.Utc),
                Requests = requests,
                TotalCostNanoUsd = cost,
                InputTokens = 10,
                CacheReadTokens = 1,
                CacheWriteTokens = 2,
                InputMediaTokens = 3,
                OutputTokens = 4,
                ReasoningTokens = 5,
                OutputMediaTokens = 6,
            }.Of(person.Id, key, model, "", "t");
        await hub.WriteAsync(
            Day(today, models[0].Id, 3, 1_500_000_001, "k1"),
            Day(today, models[0].Id, 1, 1, "k2"),
            Day(lastYear, models[1].Id, 9, 8_000_000_000, "k1"),
            new UserAccount
            {
                UserId = person.Id,
                TotalSpentNanoUsd = 9_500_000_002,
                UpdatedAt = Noon,
            }
        );

        var answer = await person.Client.ReadAsync("/users/me/spending");

        answer.Is(200);
        answer.Body.HasExactly(
            "user_id",
            "current_month_usage",
            "total_usage",
            "total_spent",
            "currency",
            "total_tokens",
            "primary_model",
            "usage_by_model",
            "updated_at"
        );
        Assert.Equal(
            ("1.500000002", "9.500000002", "9.500000002"),
            (
                answer.Body.At("current_month_usage").GetRawText(),
                answer.Body.At("total_usage").GetRawText(),
                answer.Body.At("total_spent").GetRawText()
            )
        );
        Assert.Equal(
            ("USD", 93, models[1].Name, "2026-01-05T12:00:00Z"),
            (
                answer.Body.Text("currency"),
                answer.Body.Number("total_tokens"),
                answer.Body.Text("primary_model"),
                answer.Body.Text("updated_at")
            )
        );
        var first = answer.Body.At("usage_by_model").GetProperty(models[0].Name);
        first.HasExactly("requests", "cost");
        Assert.Equal((4, 1.500000002m), (first.Number("requests"), first.Number("cost")));
    }

    [Fact]
    public async Task Without_usage_all_numbers_are_zero_and_nothing_is_null()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var answer = await person.Client.ReadAsync("/users/me/spending");

        Assert.Equal(
            (0, 0, 0, 0, ""),
            (
                answer.Body.Number("current_month_usage"),
                answer.Body.Number("total_usage"),
                answer.Body.Number("total_spent"),
                answer.Body.Number("total_tokens"),
                answer.Body.Text("primary_model")
            )
        );
        Assert.Empty(answer.Body.At("usage_by_model").EnumerateObject());
    }

    private static UsageRecord Record(string userId, DateTime admittedAt, Action<UsageRecord> adjust)
    {
        var record = new UsageRecord
        {
            Id = Guid.CreateVersion7().ToString(),
            Attempts = 1,
            UserId = userId,
            TierId = "t1",
            ModelId = "m1",
            ModelName = "gpt-4o",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            AdmittedAt = admittedAt,
            EndedAt = admittedAt.AddSeconds(1),
        };
        adjust(record);
        return record;
    }
}

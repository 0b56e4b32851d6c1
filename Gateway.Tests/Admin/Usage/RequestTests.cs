using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Usage;

/// <summary>Sections 2.6 (requests, usage-stats), 2.11 (requests, audit) and 2.12 (figures).</summary>
[Collection(AdminHubCollection.Name)]
public sealed class RequestTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task Billing_rows_come_in_numbered_pages_with_the_true_total(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var model = await hub.ReadAsync(db => db.Models.AsNoTracking().FirstAsync());
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7().ToString()).ToList();
        await hub.WriteAsync([
            .. ids.Select((id, i) => Record(id, person.Id, model.Id, new DateTime(2026, 1, 1 + i, 0, 0, 0, DateTimeKind.Utc))),
        ]);

        var answer = (await person.Client.ReadAsync("/requests?page=2&limit=2")).Body;

        answer.HasExactly("success", "message", "data");
        answer.At("data").HasExactly("data", "page", "limit", "total", "has_next", "has_prev", "total_count", "offset", "has_more");
        Assert.Equal(
            (2m, 2m, 5m, true, true, 2m),
            (
                answer.Number("data.page"),
                answer.Number("data.limit"),
                answer.Number("data.total"),
                answer.At("data.has_next").GetBoolean(),
                answer.At("data.has_prev").GetBoolean(),
                answer.Number("data.offset")
            )
        );
        Assert.Equal([ids[2], ids[1]], answer.At("data.data").EnumerateArray().Select(r => r.Text("id")));
        var row = answer.At("data.data.0");
        row.HasExactly(
            "id",
            "user_id",
            "model_id",
            "api_key_id",
            "external_request_id",
            "input_tokens",
            "output_tokens",
            "input_cost",
            "output_cost",
            "total_cost",
            "status",
            "call_type",
            "model_name",
            "provider",
            "upstream",
            "start_time",
            "end_time",
            "created_at",
            "model",
            "team_id",
            "tier_id",
            "outcome",
            "http_status",
            "is_stream",
            "attempts",
            "service_tier",
            "usage_source",
            "first_byte_at",
            "held_cost",
            "upstream_cost",
            "cache_hit",
            "client_request_id",
            "tokens",
            "end_user",
            "tags"
        );
        Assert.Equal(
            (10m, 20m, 0.000225m, "completed", model.Id),
            (row.Number("input_tokens"), row.Number("output_tokens"), row.Number("total_cost"), row.Text("status"), row.Text("model.id"))
        );
        (await person.Client.ReadAsync("/requests?page=0")).IsError(400, "validation_failed");

        var other = await hub.NewPersonAsync();
        var support = await hub.NewPersonAsync(Roles.Support);
        // S1: a customer sees the own
        Assert.Equal(0, (await other.Client.ReadAsync($"/requests?user_id={person.Id}")).Body.Number("data.total"));
        Assert.Equal(5, (await support.Client.ReadAsync($"/requests?user_id={person.Id}")).Body.Number("data.total"));
        Assert.Equal(5, (await support.Client.ReadAsync($"/admin/requests/user/{person.Id}")).Body.Number("data.total"));
        Assert.Equal(
            2,
            (await support.Client.ReadAsync($"/admin/requests/user/{person.Id}?date_from=2026-01-04&date_to=2026-01-05")).Body.Number(
                "data.total"
            )
        );
        (await other.Client.ReadAsync($"/requests/{ids[0]}")).IsError(404, "not_found");
        Assert.Equal(ids[0], (await person.Client.ReadAsync($"/requests/{ids[0]}")).Body.Text("request.id"));
    }

    [Theory, BothDatabases]
    public async Task Where_a_call_went_and_what_it_cost_there_is_shown_to_staff_alone(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var model = await hub.ReadAsync(db => db.Models.AsNoTracking().FirstAsync());
        var id = Guid.CreateVersion7().ToString();
        var record = Record(id, person.Id, model.Id, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (record.Upstream, record.UpstreamCostNanoUsd) = ("dear-provider", 7_000_000);
        await hub.WriteAsync(record);

        var own = (await person.Client.ReadAsync("/requests")).Body.At("data.data.0");
        var one = (await person.Client.ReadAsync($"/requests/{id}")).Body.At("request");
        var staff = (await hub.Admin.Client.ReadAsync($"/requests/{id}")).Body.At("request");

        Assert.All([own, one], r => Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), Kinds(r)));
        Assert.Equal(("dear-provider", 0.007m), (staff.Text("upstream"), staff.Number("upstream_cost")));

        static (JsonValueKind, JsonValueKind) Kinds(JsonElement call) =>
            (call.At("upstream").ValueKind, call.At("upstream_cost").ValueKind);
    }

    [Theory, BothDatabases]
    public async Task Usage_stats_sum_models_and_days_of_a_period(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var today = DateTime.UtcNow.Date;
        await hub.WriteAsync(
            new DailyUsage
            {
                BucketStart = today,
                Requests = 2,
                InputTokens = 10,
                CacheReadTokens = 5,
                OutputTokens = 3,
                TotalCostNanoUsd = 1_000_000_000,
            }.Of(person.Id, "", "m1", "", "t"),
            new DailyUsage
            {
                BucketStart = today.AddDays(-6),
                Requests = 1,
                OutputTokens = 1,
                TotalCostNanoUsd = 3_000_000_000,
            }.Of(person.Id, "", "m2", "", "t"),
            new DailyUsage
            {
                BucketStart = today.AddDays(-20),
                Requests = 7,
                TotalCostNanoUsd = 5_000_000_000,
            }.Of(person.Id, "", "m1", "", "t"),
            new DailyUsage
            {
                BucketStart = today.AddDays(-40),
                Requests = 100,
                TotalCostNanoUsd = 5_000_000_000,
            }.Of(person.Id, "", "m1", "", "t")
        );

        var week = (await person.Client.ReadAsync("/users/me/usage-stats?period=week")).Body;
        week.HasExactly(
            "period",
            "from",
            "to",
            "total_cost",
            "total_tokens",
            "input_tokens",
            "output_tokens",
            "request_count",
            "model",
            "currency",
            "by_model",
            "by_day"
        );
        Assert.Equal(
            (4m, 19m, 15m, 4m, 3m, "m1"),
            (
                week.Number("total_cost"),
                week.Number("total_tokens"),
                week.Number("input_tokens"),
                week.Number("output_tokens"),
                week.Number("request_count"),
                week.Text("model")
            )
        );
        week.At("by_model.0").HasExactly("model", "requests", "tokens", "cost");
        Assert.Equal(
            [today.AddDays(-6).ToString("yyyy-MM-dd"), today.ToString("yyyy-MM-dd")],
            week.At("by_day").EnumerateArray().Select(d => d.Text("date"))
        );
        Assert.Equal(
            ("month", 10m),
            (
                (await person.Client.ReadAsync("/users/me/usage-stats")).Body.Text("period"),
                (await person.Client.ReadAsync("/users/me/usage-stats")).Body.Number("request_count")
            )
        );
        Assert.Equal(0, (await person.Client.ReadAsync("/users/me/usage-stats?period=day")).Body.At("by_day").GetArrayLength());
        (await person.Client.ReadAsync("/users/me/usage-stats?period=year")).IsError(400, "unsupported_period");
    }

    [Theory, BothDatabases]
    public async Task The_figures_of_the_admin_pages_come_from_the_sums(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        var today = DateTime.UtcNow.Date;
        await hub.WriteAsync(
            new DailyUsage
            {
                BucketStart = today,
                Requests = 5,
                OutputTokens = 100,
                TotalCostNanoUsd = 1_500_000_000,
            }.Of("u1", "", "m1", "", "t"),
            new DailyUsage
            {
                BucketStart = today.AddDays(-70),
                Requests = 95,
                OutputTokens = 900,
                TotalCostNanoUsd = 11_000_000_000,
            }.Of("u2", "", "m1", "", "t")
        );

        var stats = (await hub.Admin.Client.ReadAsync("/admin/litellm/admin/stats")).Body;
        stats.HasExactly("totalUsers", "activeModels", "requestsToday", "monthlyRevenue", "totalSpend", "totalRequests", "totalTokens");
        Assert.Equal(
            (1m, 5m, 1.5m, 12.5m, 100m, 1000m),
            (
                stats.Number("totalUsers"),
                stats.Number("requestsToday"),
                stats.Number("monthlyRevenue"),
                stats.Number("totalSpend"),
                stats.Number("totalRequests"),
                stats.Number("totalTokens")
            )
        );
        var spend = await hub.Admin.Client.ReadAsync("/admin/litellm/global/spend");
        Assert.Equal(
            (12.5m, 0m, "local"),
            (spend.Body.Number("spend"), spend.Body.Number("max_budget"), spend.Headers.GetValues("X-Data-Source").Single())
        );
        var logs = (await hub.Admin.Client.ReadAsync("/admin/litellm/global/spend/logs")).Body;
        Assert.Equal(JsonValueKind.Array, logs.ValueKind);
        Assert.Equal((today.ToString("yyyy-MM-dd"), 1.5m, 1), (logs.Text("0.date"), logs.Number("0.spend"), logs.GetArrayLength()));
        var activity = (
            await hub.Admin.Client.ReadAsync($"/admin/litellm/global/activity?start_date={today:yyyy-MM-dd}&end_date={today:yyyy-MM-dd}")
        ).Body;
        activity.HasExactly("daily_data", "sum_api_requests", "sum_total_tokens");
        Assert.Equal(
            (today.ToString("MMM dd", System.Globalization.CultureInfo.InvariantCulture), 5m, 100m),
            (activity.Text("daily_data.0.date"), activity.Number("sum_api_requests"), activity.Number("sum_total_tokens"))
        );
        foreach (
            var query in new[]
            {
                "",
                "?start_date=2026-01-02&end_date=2026-01-01",
                "?start_date=2024-01-01&end_date=2026-01-01",
                "?start_date=x&end_date=2026-01-01",
            }
        )
        {
            (await hub.Admin.Client.ReadAsync("/admin/litellm/global/activity" + query)).IsError(400, "validation_failed");
        }
    }

    [Theory, BothDatabases]
    public async Task The_audit_log_filters_and_shows_changed_members_only(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { name = "Ann" });

        var answer = (
            await hub.Admin.Client.ReadAsync(
                $"/admin/audit-logs?entity_type=user&entity_id={person.Id}&action=user.updated&actor_id={hub.Admin.Id}&from=2026-01-01"
            )
        ).Body;

        answer.HasExactly("success", "message", "data", "audit_logs", "total_count", "limit", "offset", "has_more");
        answer
            .At("data.0")
            .HasExactly(
                "id",
                "actor_id",
                "actor_role",
                "action",
                "entity_type",
                "entity_id",
                "before",
                "after",
                "ip",
                "request_id",
                "created_at"
            );
        Assert.Equal(
            (1m, "Ann", "admin"),
            (answer.Number("total_count"), answer.Text("data.0.after.name"), answer.Text("data.0.actor_role"))
        );
        answer.At("data.0.after").HasExactly("name");
        Assert.Equal(
            0,
            (await hub.Admin.Client.ReadAsync($"/admin/audit-logs?entity_id={person.Id}&to=2020-01-01")).Body.Number("total_count")
        );
    }

    private static UsageRecord Record(string id, string userId, string modelId, DateTime at) =>
        new()
        {
            Id = id,
            UserId = userId,
            TierId = "t",
            ModelId = modelId,
            ModelName = "gpt-4o",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new()
            {
                Input = 8,
                CacheRead = 2,
                Output = 20,
            },
            InputCostNanoUsd = 25_000,
            OutputCostNanoUsd = 200_000,
            TotalCostNanoUsd = 225_000,
            AdmittedAt = at,
            EndedAt = at,
        };
}

using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Quotas;

/// <summary>Sections 2.6, 2.8, 2.9b and 4.5.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class BudgetTests(AdminHubs hubs)
{
    private static readonly string[] Members =
    [
        "id",
        "scope",
        "scope_id",
        "user_id",
        "team_id",
        "api_key_id",
        "tier_id",
        "model_id",
        "end_user",
        "max_budget",
        "spent_budget",
        "held_budget",
        "leased_budget",
        "remaining_budget",
        "budget_duration",
        "reset_at",
        "mode",
        "external_id",
        "source",
        "created_at",
        "updated_at",
    ];

    [Theory, BothDatabases]
    public async Task A_users_budget_is_monthly_unless_said_and_begins_empty(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { user_id = person.Id, max_budget = 100 });

        answer.Is(201);
        answer.Body.HasExactly("success", "message", "data", "budget");
        var budget = answer.Body.At("budget");
        budget.HasExactly(Members);
        Assert.Equal(
            ("user", person.Id, "monthly", "enforce", "admin"),
            (budget.Text("scope"), budget.Text("scope_id"), budget.Text("budget_duration"), budget.Text("mode"), budget.Text("source"))
        );
        Assert.Equal(
            (100m, 0m, 0m, 100m),
            (budget.Number("max_budget"), budget.Number("spent_budget"), budget.Number("held_budget"), budget.Number("remaining_budget"))
        );
        var now = DateTime.UtcNow;
        Assert.Equal(
            new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1),
            budget.At("reset_at").GetDateTime().ToUniversalTime()
        );
        Assert.Equal(budget.Text("id"), (await hub.Admin.Client.ReadAsync($"/admin/budgets/user/{person.Id}")).Body.Text("budgets.0.id"));
        Assert.Equal(budget.Text("id"), (await hub.Admin.Client.ReadAsync($"/admin/budgets?user_id={person.Id}")).Body.Text("data.0.id"));
        Assert.Equal(0, (await hub.Admin.Client.ReadAsync("/admin/budgets/user/unknown")).Body.At("data").GetArrayLength());
    }

    [Theory]
    [InlineData("daily")]
    [InlineData("weekly")]
    [InlineData("yearly")]
    [InlineData("30d")]
    [InlineData("1mo")]
    [InlineData("12h")]
    [InlineData("never")]
    public async Task A_duration_is_kept_as_it_was_sent(string duration)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { max_budget = 1, budget_duration = duration });
        answer.Is(201);
        Assert.Equal(
            (duration, duration == "never"),
            (answer.Body.Text("data.budget_duration"), answer.Body.At("data.reset_at").ValueKind == JsonValueKind.Null)
        );
    }

    [Theory, BothDatabases]
    public async Task Several_windows_stand_on_one_scope_and_each_changes_alone(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var day = (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/budgets",
                new
                {
                    user_id = person.Id,
                    max_budget = 1,
                    budget_duration = "daily",
                }
            )
        ).Body.Text("data.id");
        var month = (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { user_id = person.Id, max_budget = 20 })).Body.Text(
            "data.id"
        );

        var changed = await hub.Admin.Client.SendAsync("PUT", $"/admin/budgets/{day}", new { max_budget = 2.5, mode = "shadow" });

        Assert.Equal(
            (2.5m, "shadow", "daily"),
            (changed.Body.Number("data.max_budget"), changed.Body.Text("data.mode"), changed.Body.Text("data.budget_duration"))
        );
        Assert.Equal(20m, (await hub.Admin.Client.ReadAsync($"/admin/budgets/{month}")).Body.Number("data.max_budget"));
        var deleted = await hub.Admin.Client.SendAsync("DELETE", $"/admin/budgets/{day}");
        Assert.Equal("Budget deleted successfully", deleted.Body.Text("message"));
        Assert.Equal(
            (JsonValueKind.Null, 0),
            (deleted.Body.At("data.litellm_deleted").ValueKind, deleted.Body.At("data.warnings").GetArrayLength())
        );
        (await hub.Admin.Client.ReadAsync($"/admin/budgets/{day}")).IsError(404, "budget_not_found");
    }

    [Theory]
    [InlineData("{}", 400, "validation_failed")]
    [InlineData("{\"max_budget\":0}", 400, "validation_failed")]
    [InlineData("{\"max_budget\":\"5\"}", 400, "validation_failed")]
    [InlineData("{\"max_budget\":5,\"budget_duration\":\"fortnightly\"}", 400, "validation_failed")]
    [InlineData("{\"max_budget\":5,\"user_id\":\"unknown\"}", 404, "user_not_found")]
    [InlineData("{\"max_budget\":5,\"team_id\":\"unknown\"}", 404, "not_found")]
    [InlineData("{\"max_budget\":5,\"tier_id\":\"x\"}", 400, "validation_failed")]
    [InlineData("{\"max_budget\":5,\"user_id\":\"a\",\"team_id\":\"b\"}", 400, "validation_failed")]
    [InlineData("{\"max_budget\":5,\"mode\":\"x\"}", 400, "validation_failed")]
    public async Task A_wrong_budget_is_refused(string body, int status, string code)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", body)).IsError(status, code);
    }

    [Fact]
    public async Task All_faults_of_a_body_are_named_at_once()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/budgets",
            "{\"max_budget\":-1,\"budget_duration\":\"x\",\"mode\":\"y\"}"
        );
        answer.IsError(400, "validation_failed");
        Assert.Equal(
            ["budget_duration", "max_budget", "mode"],
            answer.Body.At("details").EnumerateArray().Select(d => d.Text("field")).Order()
        );
    }

    [Theory, BothDatabases]
    public async Task What_an_admin_sets_as_a_users_cap_stands_in_the_defaults_place(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        // Above the default
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 101 })).IsError(403, "budget_above_admin_limit");
        var set = await hub.Admin.Client.SendAsync("PUT", $"/users/{person.Id}/budget", new { monthly_limit = 500 });
        Assert.Equal(
            (500m, 500m, false),
            (set.Body.Number("monthly_limit"), set.Body.Number("admin_limit"), set.Body.At("is_default").GetBoolean())
        );
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 501 })).IsError(403, "budget_above_admin_limit");
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 400 })).Is(200);
        (await hub.Admin.Client.SendAsync("PUT", $"/users/{person.Id}/budget", new { monthly_limit = 600 })).Is(200);
        var shown = (await person.Client.ReadAsync("/users/me/budget")).Body;
        Assert.Equal(
            (600m, 600m, true),
            (shown.Number("monthly_limit"), shown.Number("admin_limit"), shown.At("is_enforced").GetBoolean())
        );
        Assert.Equal(1, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.UserId == person.Id)));
    }

    [Fact]
    public async Task An_admin_is_shown_the_default_and_that_it_does_not_bind()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var admin = await hub.NewPersonAsync(Gateway.Core.Storage.Entities.Roles.Admin);
        var shown = (await admin.Client.ReadAsync("/users/me/budget")).Body;
        Assert.Equal((true, false), (shown.At("is_default").GetBoolean(), shown.At("is_enforced").GetBoolean()));
    }

    [Theory, BothDatabases]
    public async Task The_own_cap_is_one_row_and_stays_below_the_admins(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var standard = (await person.Client.ReadAsync("/users/me/budget")).Body;
        standard.HasExactly(
            "id",
            "user_id",
            "monthly_limit",
            "current_spending",
            "currency",
            "budget_duration",
            "reset_at",
            "is_default",
            "is_enforced",
            "admin_limit",
            "set_by",
            "created_at",
            "updated_at"
        );
        Assert.Equal(
            ("", 100m, true, true),
            (
                standard.Text("id"),
                standard.Number("monthly_limit"),
                standard.At("is_default").GetBoolean(),
                standard.At("is_enforced").GetBoolean()
            )
        );

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 10).Select(i => person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = i }))
        );
        Assert.All(answers, a => a.Is(200));
        Assert.Equal(1, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.UserId == person.Id)));
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { user_id = person.Id, max_budget = 20 })).Is(201);
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 21 })).IsError(403, "budget_above_admin_limit");
        var set = await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 20 });
        Assert.Equal(
            (20m, 20m, false),
            (set.Body.Number("monthly_limit"), set.Body.Number("admin_limit"), set.Body.At("is_default").GetBoolean())
        );
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 0 })).IsError(400, "validation_failed");
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 1_000_001 })).IsError(400, "validation_failed");
    }

    [Theory, BothDatabases]
    public async Task A_new_own_cap_shows_at_once_what_was_spent_in_its_month(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var now = DateTime.UtcNow;
        await hub.WriteAsync(
            new DailyUsage
            {
                BucketStart = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc),
                Requests = 1,
                TotalCostNanoUsd = 3_500_000_000,
            }.Of(person.Id, "", "m", "", "t")
        );
        Assert.Equal(3.5m, (await person.Client.ReadAsync("/users/me/budget")).Body.Number("current_spending"));
        Assert.Equal(
            3.5m,
            (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 50 })).Body.Number("current_spending")
        );
        Assert.Equal(3.5m, (await person.Client.ReadAsync("/users/me/budget")).Body.Number("current_spending"));
    }
}

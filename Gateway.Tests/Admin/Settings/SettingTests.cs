using System.Security.Cryptography;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Settings;

/// <summary>Sections 2.11 and 4.12, settings.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class SettingTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task The_list_is_sorted_by_category_and_key_and_shows_no_secret(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var answer = await hub.Admin.Client.ReadAsync("/admin/settings");

        answer.Is(200);
        answer.Body.HasExactly("success", "message", "data", "settings", "total_count", "limit", "offset", "has_more");
        var rows = answer.Body.At("data").EnumerateArray().ToList();
        rows[0]
            .HasExactly(
                "id",
                "key",
                "value",
                "description",
                "type",
                "category",
                "is_secret",
                "is_effective",
                "note",
                "created_at",
                "updated_at"
            );
        Assert.Equal(rows.Select(r => (r.Text("category"), r.Text("key"))).Order(), rows.Select(r => (r.Text("category"), r.Text("key"))));
        Assert.All(rows.Where(r => r.At("is_secret").GetBoolean()), r => Assert.Equal("********", r.Text("value")));
        Assert.Equal(
            ["litellm_api_key", "oidc_client_secret", "webhook_secret"],
            rows.Where(r => r.At("is_secret").GetBoolean()).Select(r => r.Text("key")).Order()
        );
        var page = (await hub.Admin.Client.ReadAsync("/admin/settings/category/billing")).Body;
        Assert.Equal(
            ["default_currency", "default_monthly_budget", "signup_credit"],
            page.At("settings").EnumerateArray().Select(s => s.Text("key"))
        );
    }

    [Theory, BothDatabases]
    public async Task Values_are_stored_as_text_whatever_they_came_as(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        var answer = await hub.Admin.Client.SendAsync(
            "PUT",
            "/admin/settings",
            new
            {
                default_monthly_budget = 50.5,
                registration_enabled = "false",
                oidc_create_users = true,
                chat_system_prompt = "",
            }
        );

        answer.Is(200);
        Assert.Equal(
            ["oidc_create_users=true", "registration_enabled=false", "default_monthly_budget=50.5", "chat_system_prompt="],
            answer.Body.At("data").EnumerateArray().Select(s => $"{s.Text("key")}={s.Text("value")}")
        );
        Assert.Equal(50.5m, (await hub.Admin.Client.ReadAsync("/users/me/budget")).Body.Number("monthly_limit")); // at once
        Assert.Equal("setting.updated", (await hub.AuditOfAsync("default_monthly_budget")).Single().Action);
    }

    [Theory, InlineData("default_monthly_budget", "25"), InlineData("default_max_output_tokens", "2048")]
    public async Task A_setting_that_may_have_no_value_takes_null_for_it(string key, string value)
    {
        await using var hub = await AdminHub.StartAsync();
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", $"{{\"{key}\":null}}")).Is(200);
        Assert.Equal("", (await hub.Admin.Client.ReadAsync($"/admin/settings/{key}")).Body.Text("data.value"));
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/settings/{key}", $"{{\"value\":{value}}}")).Is(200);
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/settings/{key}", "{\"value\":null}")).Is(200);
        Assert.Equal("", (await hub.Admin.Client.ReadAsync($"/admin/settings/{key}")).Body.Text("data.value"));
        // Nobody should wonder what 0 means
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/settings/{key}", "{\"value\":0}")).IsError(400, "validation_failed");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/settings/{key}", "{\"value\":-1}")).IsError(400, "validation_failed");
    }

    [Theory]
    [InlineData("{\"nonsense\":1}", "nonsense")]
    [InlineData("{\"signup_credit\":\"much\"}", "signup_credit")]
    [InlineData("{\"signup_credit\":-1}", "signup_credit")]
    [InlineData("{\"registration_enabled\":1}", "registration_enabled")]
    [InlineData("{\"registration_enabled\":null}", "registration_enabled")]
    [InlineData("{\"webhook_url\":\"ftp://x\"}", "webhook_url")]
    [InlineData("{\"litellm_base_url\":\"localhost:4000\"}", "litellm_base_url")]
    [InlineData("{\"default_rate_limit_policy\":\"maybe\"}", "default_rate_limit_policy")]
    [InlineData("{\"max_api_keys_per_user\":1.5}", "max_api_keys_per_user")]
    public async Task A_wrong_value_is_named_and_nothing_is_stored(string body, string field)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync("PUT", "/admin/settings", body.Replace("{", "{\"chat_temperature\":0.1,"));
        answer.IsError(400, "validation_failed");
        Assert.Equal(field, answer.Body.Text("details.0.field"));
        Assert.Equal("0.7", (await hub.Admin.Client.ReadAsync("/admin/settings/chat_temperature")).Body.Text("data.value"));
    }

    [Fact]
    public async Task One_setting_is_read_and_written_by_its_key()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.ReadAsync("/admin/settings/unknown")).IsError(404, "not_found");
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/chat_context_messages", new { value = "10" })).Is(200);
        var answer = await hub.Admin.Client.SendAsync("PATCH", "/admin/settings/chat_context_messages", new { value = 12 });
        answer.Body.HasExactly("success", "message", "data", "setting");
        Assert.Equal("12", answer.Body.Text("setting.value"));
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/chat_context_messages", new { value = (string?)null })).IsError(
            400,
            "validation_failed"
        );
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/chat_context_messages", new { other = 1 })).IsError(
            400,
            "nothing_to_update"
        );
    }

    [Theory, BothDatabases]
    public async Task A_secret_is_stored_encrypted_and_the_mask_keeps_it(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(
            database,
            new Dictionary<string, string> { ["ENCRYPTION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) }
        );
        var answer = await hub.Admin.Client.SendAsync("PUT", "/admin/settings/webhook_secret", new { value = "very-secret-1" });

        answer.Is(200);
        Assert.Equal("********", answer.Body.Text("data.value"));
        var stored = await hub.ReadAsync(db => db.Settings.Where(s => s.Key == "webhook_secret").Select(s => s.Value).SingleAsync());
        Assert.StartsWith("v1:", stored);
        Assert.DoesNotContain("very-secret-1", stored);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { webhook_secret = "********", chat_temperature = 1 })).Is(200);
        Assert.Equal(
            stored,
            await hub.ReadAsync(db => db.Settings.Where(s => s.Key == "webhook_secret").Select(s => s.Value).SingleAsync())
        );
        var audit = (await hub.AuditOfAsync("webhook_secret")).Single();
        Assert.Equal("{\"value\":\"********\"}", audit.After);
    }

    [Fact]
    public async Task Without_an_encryption_key_no_secret_is_taken()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/webhook_secret", new { value = "x" })).IsError(409, "conflict");
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Upstreams;

/// <summary>Upstreams as policy: made, changed, tested, synced and ended by admins, beside those of the environment.</summary>
public sealed class UpstreamTests
{
    private const string Key = "sk-planted-upstream-key";

    [Theory, BothDatabases]
    public async Task A_key_is_stored_encrypted_and_never_shown_again(TestDatabase database)
    {
        await using var hub = await StartAsync(database);
        var made = await CreateAsync(hub, "mine");
        made.Is(201);
        var id = made.Body.Text("data.id");
        Assert.True(made.Body.At("data.has_api_key").GetBoolean());
        Assert.True(made.Body.At("data.is_in_force").GetBoolean());
        var read = await hub.Admin.Client.ReadAsync($"/admin/upstreams/{id}");
        var list = await hub.Admin.Client.ReadAsync("/admin/upstreams");
        var audit = await hub.AuditOfAsync(id);
        Assert.DoesNotContain(Key, made.Raw + read.Raw + list.Raw + JsonSerializer.Serialize(audit), StringComparison.Ordinal);
        Assert.Equal("upstream.created", Assert.Single(audit).Action);
        Assert.Contains("\"api_key\":\"********\"", audit[0].After, StringComparison.Ordinal);
        var stored = await hub.ReadAsync(db => db.Upstreams.SingleAsync(u => u.Id == id));
        Assert.StartsWith("v1:", stored.SealedKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_is_changed_and_the_rest_stays()
    {
        await using var hub = await StartAsync();
        var id = (await CreateAsync(hub, "mine")).Body.Text("data.id");
        var changed = await hub.Admin.Client.SendAsync(
            "PATCH",
            $"/admin/upstreams/{id}",
            new
            {
                weight = 7,
                priority = 3,
                headers = new Dictionary<string, string> { ["OpenAI-Organization"] = "org-1" },
            }
        );
        changed.Is(200);
        Assert.Equal((7, 3), (changed.Body.At("data.weight").GetInt32(), changed.Body.At("data.priority").GetInt32()));
        Assert.Equal("org-1", changed.Body.Text("data.headers.OpenAI-Organization"));
        Assert.True(changed.Body.At("data.has_api_key").GetBoolean());
        Assert.Equal(["upstream.created", "upstream.updated"], (await hub.AuditOfAsync(id)).Select(a => a.Action));
    }

    [Fact]
    public async Task A_stored_key_goes_to_no_other_address()
    {
        await using var hub = await StartAsync();
        var id = (await CreateAsync(hub, "mine")).Body.Text("data.id");
        var moved = await hub.Admin.Client.SendAsync("PUT", $"/admin/upstreams/{id}", new { base_url = "https://elsewhere.example" });
        moved.IsError(400, "validation_failed");
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/upstreams/{id}",
                new { base_url = "https://elsewhere.example", api_key = "sk-2" }
            )
        ).Is(200);
    }

    [
        Theory,
        InlineData("""{"kind":"openai","api_key":"k"}""", "name"),
        InlineData("""{"name":"Mine!","kind":"openai","api_key":"k"}""", "name"),
        InlineData("""{"name":"google","kind":"openai","api_key":"k"}""", "name"),
        InlineData("""{"name":"sandbox","kind":"litellm","base_url":"http://h"}""", "name"),
        InlineData("""{"name":"x","kind":"azure","api_key":"k"}""", "kind"),
        InlineData("""{"name":"x","kind":"openai"}""", "api_key"),
        InlineData("""{"name":"x","kind":"openai","api_key":"k k"}""", "api_key"),
        InlineData("""{"name":"x","kind":"openai_compatible"}""", "base_url"),
        InlineData("""{"name":"x","kind":"yandex","api_key":"k"}""", "folder_id"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"ftp://h"}""", "base_url"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"http://u:p@h"}""", "base_url"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"http://h?q=1"}""", "base_url"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"http://h","weight":0}""", "weight"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"http://h","priority":-1}""", "priority"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"http://h","headers":{"Authorization":"Bearer x"}}""", "headers"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"http://h","headers":{"x-a":"a\r\nb"}}""", "headers"),
        InlineData("""{"name":"x","kind":"litellm","base_url":"http://h","models":{"unknown":"y"}}""", "models")
    ]
    public async Task A_mistake_is_named(string body, string member)
    {
        await using var hub = await StartAsync();
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/upstreams", body);
        answer.IsError(400, "validation_failed");
        Assert.Contains(answer.Body.At("details").EnumerateArray(), d => d.Text("field").StartsWith(member, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_encryption_key_no_key_is_taken()
    {
        await using var hub = await AdminHub.StartAsync();
        (await CreateAsync(hub, "mine")).IsError(409, "conflict");
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/upstreams",
                new
                {
                    name = "local",
                    kind = "openai_compatible",
                    base_url = "http://127.0.0.1:1",
                }
            )
        ).Is(201);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_there_are_only_so_many()
    {
        await using var hub = await StartAsync(more: ("MAX_UPSTREAMS", "2"));
        (await CreateAsync(hub, "one")).Is(201);
        (await CreateAsync(hub, "one")).IsError(409, "name_taken");
        (await CreateAsync(hub, "two")).Is(201);
        (await CreateAsync(hub, "three")).IsError(409, "conflict");
    }

    [Fact]
    public async Task A_deleted_one_is_gone_with_its_list_and_the_models_stay()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await StartAsync();
        var id = (await CreateAsync(hub, "mine", provider)).Body.Text("data.id");
        (await hub.Admin.Client.SendAsync("POST", $"/admin/upstreams/{id}/sync")).Is(200);
        Assert.Equal(12, await hub.ReadAsync(db => db.UpstreamModels.CountAsync(m => m.UpstreamId == id)));
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/upstreams/{id}")).Is(200);
        (await hub.Admin.Client.ReadAsync($"/admin/upstreams/{id}")).IsError(404, "not_found");
        Assert.Equal(0, await hub.ReadAsync(db => db.UpstreamModels.CountAsync(m => m.UpstreamId == id)));
        Assert.True(await hub.ReadAsync(db => db.Models.AnyAsync(m => m.ExternalId == "gpt-5-mini")));
    }

    [Fact]
    public async Task A_sync_lists_what_it_has_keeps_what_an_admin_said_and_brings_prices()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await StartAsync();
        var id = (await CreateAsync(hub, "mine", provider)).Body.Text("data.id");
        var first = await hub.Admin.Client.SendAsync("POST", $"/admin/upstreams/{id}/sync");
        first.Is(200);
        (
            await hub.Admin.Client.SendAsync(
                "PATCH",
                $"/admin/upstreams/{id}",
                new { models = new Dictionary<string, string> { ["gpt-5-mini"] = "own-name" } }
            )
        ).Is(200);
        var second = await hub.Admin.Client.SendAsync("POST", $"/admin/upstreams/{id}/sync");
        Assert.Equal(0, second.Body.At("data.created").GetInt32() + second.Body.At("data.updated").GetInt32());
        var models = (await hub.Admin.Client.ReadAsync($"/admin/upstreams/{id}")).Body.At("data.models").EnumerateArray().ToList();
        Assert.Equal(
            [
                ("gpt-4o-mini", "gpt-4o-mini", "sync"),
                ("gpt-5-mini", "own-name", "admin"),
                ("text-embedding-3-small", "text-embedding-3-small", "sync"),
            ],
            models
                .Select(m => (m.Text("model"), m.Text("name"), m.Text("source")))
                .Where(m => m.Item1 is "gpt-4o-mini" or "gpt-5-mini" or "text-embedding-3-small")
        );
        Assert.Equal(12, models.Count);
        Assert.True(
            await hub.ReadAsync(db => db.ModelRates.AnyAsync(r => db.Models.Any(m => m.Id == r.ModelId && m.ExternalId == "gpt-5-mini")))
        );
    }

    [Fact]
    public async Task One_that_cannot_be_read_does_not_keep_the_others_from_coming_in()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await StartAsync();
        await CreateAsync(hub, "mine", provider);
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/upstreams",
                new
                {
                    name = "dead",
                    kind = "openai_compatible",
                    base_url = "http://127.0.0.1:1",
                }
            )
        ).Is(201);
        var result = await hub.Admin.Client.SendAsync("POST", "/admin/models/sync");
        result.Is(200);
        Assert.Contains("dead", Assert.Single(result.Body.At("data.errors").EnumerateArray()).Text("message"), StringComparison.Ordinal);
        Assert.True(await hub.ReadAsync(db => db.Models.AnyAsync(m => m.ExternalId == "gpt-5-mini")));
    }

    [Fact]
    public async Task A_test_says_what_is_wrong_and_shows_no_key()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "google" });
        await using var hub = await StartAsync();
        var good = await TestAsync("good", provider.ApiKey);
        Assert.True(good.Body.At("success").GetBoolean());
        Assert.Equal(3, good.Body.At("data.models").GetInt32());
        var bad = await TestAsync("bad", Key);
        Assert.False(bad.Body.At("success").GetBoolean());
        Assert.Equal("it does not accept the key (status 400)", bad.Body.Text("data.error"));
        Assert.DoesNotContain(Key, bad.Raw, StringComparison.Ordinal);

        async Task<ApiAnswer> TestAsync(string name, string key)
        {
            var made = await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/upstreams",
                new
                {
                    name,
                    kind = "google",
                    base_url = provider.BaseAddress.ToString(),
                    api_key = key,
                }
            );
            return await hub.Admin.Client.SendAsync("POST", $"/admin/upstreams/{made.Body.Text("data.id")}/test");
        }
    }

    [Fact]
    public async Task The_environment_makes_one_wins_over_what_is_stored_and_keeps_its_key_to_itself()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        var signIn = ("boss@example.com", "a long enough password");
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        (settings["DATA_DIR"], settings["ADMIN_EMAIL"], settings["ADMIN_PASSWORD"]) = (folder.FullName, signIn.Item1, signIn.Item2);
        await using (var hub = await AdminHub.StartAsync(settings: settings, signIn: signIn))
        {
            var shown = (await hub.Admin.Client.ReadAsync("/admin/upstreams")).Body.At("data.0");
            Assert.Equal(("openai", provider.BaseAddress.ToString()), (shown.Text("name"), shown.Text("base_url")));
            Assert.Equal(3, shown.At("from_environment").GetArrayLength());
            var id = shown.Text("id");
            Assert.Null(await hub.ReadAsync(db => db.Upstreams.Where(u => u.Id == id).Select(u => u.SealedKey).SingleAsync()));
            (await hub.Admin.Client.SendAsync("PATCH", $"/admin/upstreams/{id}", new { base_url = "http://h" })).IsError(409, "conflict");
            (await hub.Admin.Client.SendAsync("DELETE", $"/admin/upstreams/{id}")).IsError(409, "conflict");
            (await hub.Admin.Client.SendAsync("PATCH", $"/admin/upstreams/{id}", new { weight = 5 })).Is(200);
        }
        settings.Remove("OPENAI_API_KEY");
        await using (var hub = await AdminHub.StartAsync(settings: settings, signIn: signIn))
        {
            var shown = (await hub.Admin.Client.ReadAsync("/admin/upstreams")).Body.At("data.0");
            Assert.False(shown.At("is_in_force").GetBoolean());
            Assert.Contains("OPENAI_API_KEY", shown.Text("problem"), StringComparison.Ordinal);
            Assert.Equal(5, shown.At("weight").GetInt32());
            (await hub.Admin.Client.SendAsync("DELETE", $"/admin/upstreams/{shown.Text("id")}")).Is(200);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_LiteLLM_the_page_of_keys_shows_those_of_the_gateway()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await AdminHub.StartAsync(settings: ProviderHubs.EnvironmentOf("openai", provider));
        (await hub.Admin.Client.ReadAsync("/admin/litellm/users/info")).Is(200);
        (await hub.Admin.Client.ReadAsync("/admin/litellm/models/info")).IsError(503, "litellm_not_configured");
    }

    private static Task<AdminHub> StartAsync(TestDatabase database = TestDatabase.Sqlite, (string Name, string Value)? more = null)
    {
        var settings = new Dictionary<string, string> { ["ENCRYPTION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        if (more is var (name, value))
        {
            settings[name] = value;
        }
        return AdminHub.StartAsync(database, settings);
    }

    private static Task<ApiAnswer> CreateAsync(AdminHub hub, string name, ProviderHost? provider = null) =>
        hub.Admin.Client.SendAsync(
            "POST",
            "/admin/upstreams",
            new
            {
                name,
                kind = "openai",
                base_url = provider?.BaseAddress.ToString() ?? "https://api.openai.example/v1",
                api_key = provider?.ApiKey ?? Key,
                sync_models = provider is not null,
            }
        );
}

using System.Net;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Quotas;

/// <summary>Sections 2.4, 2.9 and 2.9b, rate limits.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class RateLimitTests(AdminHubs hubs)
{
    private static readonly string[] Members =
    [
        "id",
        "scope",
        "model_id",
        "tier_id",
        "user_id",
        "team_id",
        "api_key_id",
        "requests_per_minute",
        "requests_per_day",
        "tokens_per_minute",
        "tokens_per_day",
        "max_concurrent",
        "mode",
        "tier",
        "model",
        "created_at",
        "updated_at",
    ];

    [Theory, BothDatabases]
    public async Task A_tiers_limit_shows_tier_and_model_and_stands_in_the_public_list(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (tier, model) = await NewTierAndModelAsync(hub);

        var answer = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/rate-limits",
            new
            {
                tier_id = tier,
                model_id = model.Id,
                requests_per_minute = 5,
                tokens_per_day = -1,
            }
        );

        answer.Is(201);
        answer.Body.HasExactly("success", "message", "data", "rate_limit");
        var limit = answer.Body.At("rate_limit");
        limit.HasExactly(Members);
        limit.At("tier").HasExactly("id", "name", "description", "is_free", "price", "created_at");
        limit.At("model").HasExactly("id", "name", "external_id", "company_id");
        Assert.Equal(
            (5m, 0m, 0m, -1m, 0m, "enforce", "tier"),
            (
                limit.Number("requests_per_minute"),
                limit.Number("requests_per_day"),
                limit.Number("tokens_per_minute"),
                limit.Number("tokens_per_day"),
                limit.Number("max_concurrent"),
                limit.Text("mode"),
                limit.Text("scope")
            )
        );
        var id = limit.Text("id");
        Assert.Contains(id, Ids(await hub.Anonymous.ReadAsync($"/rate-limits?tier_id={tier}")));
        Assert.Contains(id, Ids(await hub.Admin.Client.ReadAsync($"/admin/rate-limits/tier/{tier}")));
        Assert.Contains(id, Ids(await hub.Admin.Client.ReadAsync($"/admin/rate-limits/model/{model.Id}")));
        (await hub.Admin.Client.SendAsync("POST", "/admin/rate-limits", new { tier_id = tier, model_id = model.Id })).IsError(
            409,
            "rate_limit_exists"
        );
    }

    [Theory, BothDatabases]
    public async Task Limits_of_users_teams_and_keys_are_shown_only_when_asked_for(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id");
        var team = (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { name = "Blue" })).Body.Text("data.id");
        async Task<string> CreateAsync(object body) =>
            (await hub.Admin.Client.SendAsync("POST", "/admin/rate-limits", body)).Body.Text("data.id");
        string[] made =
        [
            await CreateAsync(new { user_id = person.Id, max_concurrent = 2 }),
            await CreateAsync(new { team_id = team, requests_per_day = 9 }),
            await CreateAsync(new { api_key_id = key, mode = "shadow" }),
        ];

        foreach (var (scope, id) in new[] { "user", "team", "api_key" }.Zip(made))
        {
            Assert.Contains(id, Ids(await hub.Admin.Client.ReadAsync($"/admin/rate-limits?scope={scope}")));
        }
        Assert.Superset(made.ToHashSet(), Ids(await hub.Admin.Client.ReadAsync("/admin/rate-limits?scope=all")).ToHashSet());
        Assert.Empty(made.Intersect(Ids(await hub.Admin.Client.ReadAsync("/admin/rate-limits"))));
        Assert.Empty(made.Intersect(Ids(await hub.Anonymous.ReadAsync("/rate-limits"))));
    }

    [Theory, BothDatabases]
    public async Task An_update_takes_the_numbers_and_ignores_the_scope(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (tier, model) = await NewTierAndModelAsync(hub);
        var id = (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    tier_id = tier,
                    model_id = model.Id,
                    requests_per_minute = 5,
                }
            )
        ).Body.Text("data.id");

        var answer = await hub.Admin.Client.SendAsync(
            "PUT",
            $"/admin/rate-limits/{id}",
            new
            {
                requests_per_minute = 7,
                max_concurrent = 3,
                mode = "shadow",
                tier_id = "other",
                model_id = "other",
            }
        );

        Assert.Equal(
            (7m, 3m, "shadow", tier),
            (
                answer.Body.Number("data.requests_per_minute"),
                answer.Body.Number("data.max_concurrent"),
                answer.Body.Text("data.mode"),
                answer.Body.Text("data.tier_id")
            )
        );
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/rate-limits/{id}", new { tier_id = "other" })).IsError(400, "nothing_to_update");
        var deleted = await hub.Admin.Client.SendAsync("DELETE", $"/admin/rate-limits/{id}");
        Assert.Equal("Rate limit deleted successfully", deleted.Body.Text("message"));
        (await hub.Admin.Client.ReadAsync($"/admin/rate-limits/{id}")).IsError(404, "not_found");
        Assert.Equal(
            ["rate_limit.created", "rate_limit.updated", "rate_limit.deleted"],
            (await hub.AuditOfAsync(id)).Select(a => a.Action)
        );
    }

    [Theory]
    [InlineData("{}", 400, "validation_failed")]
    [InlineData("{\"tier_id\":\"t\"}", 404, "tier_not_found")]
    [InlineData("{\"tier_id\":\"t\",\"model_id\":\"m\"}", 404, "tier_not_found")]
    [InlineData("{\"user_id\":\"u\"}", 404, "user_not_found")]
    [InlineData("{\"team_id\":\"t\"}", 404, "not_found")]
    [InlineData("{\"api_key_id\":\"k\"}", 404, "not_found")]
    [InlineData("{\"user_id\":\"u\",\"team_id\":\"t\"}", 400, "validation_failed")]
    [InlineData("{\"user_id\":\"u\",\"requests_per_minute\":-2}", 400, "validation_failed")]
    [InlineData("{\"user_id\":\"u\",\"requests_per_minute\":1.5}", 400, "validation_failed")]
    [InlineData("{\"user_id\":\"u\",\"mode\":\"off\"}", 400, "validation_failed")]
    public async Task A_wrong_limit_is_refused(string body, int status, string code)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("POST", "/admin/rate-limits", body)).IsError(status, code);
    }

    [Theory, BothDatabases]
    public async Task Of_parallel_creations_for_one_scope_exactly_one_succeeds(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => hub.Admin.Client.SendAsync("POST", "/admin/rate-limits", new { user_id = person.Id, requests_per_day = 1 }))
        );

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.IsError(409, "rate_limit_exists"));
    }

    private static string[] Ids(ApiAnswer answer) => [.. answer.Body.At("data").EnumerateArray().Select(l => l.Text("id"))];

    private static async Task<(string TierId, CatalogModel Model)> NewTierAndModelAsync(AdminHub hub) =>
        (
            (await hub.Admin.Client.SendAsync("POST", "/admin/tiers", new { name = Guid.NewGuid().ToString("N") })).Body.Text("data.id"),
            await hub.ReadAsync(db => db.Models.AsNoTracking().OrderBy(m => m.Name).FirstAsync())
        );
}

using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Admin.Access;

/// <summary>Every route, for every role. The security rules S1 and S2 are among them.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class RoleTests(AdminHubs hubs)
{
    // Method, path, body; then the status for nobody, the owner (or any customer), another customer, support, admin.
    public static TheoryData<string, string, string?, int[]> Rules =>
        new()
        {
            { "POST", "/auth/login", "{}", [400, 400, 400, 400, 400] },
            { "POST", "/auth/refresh", "{\"refresh_token\":\"x\"}", [401, 401, 401, 401, 401] },
            { "POST", "/auth/logout", "{\"refresh_token\":\"x\"}", [401, 401, 401, 401, 401] },
            // sessions with a cookie are for pages of this origin, which say so
            { "POST", "/auth/session", "{}", [403, 403, 403, 403, 403] },
            { "POST", "/auth/session/refresh", null, [403, 403, 403, 403, 403] },
            { "DELETE", "/auth/session", null, [403, 403, 403, 403, 403] },
            { "GET", "/auth/oidc", null, [200, 200, 200, 200, 200] },
            { "GET", "/auth/oidc/nobody/start", null, [404, 404, 404, 404, 404] },
            { "GET", "/auth/oidc/nobody/callback", null, [404, 404, 404, 404, 404] },
            { "GET", "/me", null, [401, 200, 200, 200, 200] },
            { "GET", "/auth/me", null, [401, 200, 200, 200, 200] },
            { "GET", "/users/me", null, [401, 200, 200, 200, 200] },
            { "GET", "/users/{owner}/api-keys", null, [401, 200, 403, 200, 200] },
            { "POST", "/users/{owner}/api-keys", "{\"name\":\"k\"}", [401, 201, 403, 403, 201] },
            { "DELETE", "/api-keys/{key}", null, [401, 200, 404, 404, 200] },
            { "GET", "/users/{owner}/requests", null, [401, 200, 403, 200, 200] },
            { "GET", "/users/{owner}/spending", null, [401, 200, 403, 200, 200] },
            { "GET", "/users/unknown/spending", null, [401, 403, 403, 404, 404] },
            { "GET", "/users/unknown/requests", null, [401, 403, 403, 404, 404] },
            { "GET", "/users/unknown/api-keys", null, [401, 403, 403, 404, 404] },
            { "POST", "/users/unknown/api-keys", "{\"name\":\"k\"}", [401, 403, 403, 403, 404] },
            { "GET", "/admin/users", null, [401, 403, 403, 200, 200] },
            { "GET", "/admin/users/{owner}", null, [401, 403, 403, 200, 200] },
            { "POST", "/admin/users", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/users/{owner}", "{\"name\":\"n\"}", [401, 403, 403, 403, 200] },
            { "PATCH", "/admin/users/{owner}", "{\"name\":\"n\"}", [401, 403, 403, 403, 200] },
            { "GET", "/admin/models", null, [401, 403, 403, 403, 200] },
            { "POST", "/admin/models/sync", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/model-configs", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/model-configs/unknown", null, [401, 403, 403, 403, 404] },
            { "PUT", "/admin/model-configs/unknown", "{\"is_free\":true}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/model-configs/unknown", "{\"is_free\":true}", [401, 403, 403, 403, 404] },
            { "POST", "/admin/model-configs", "{}", [401, 403, 403, 403, 400] },
            { "DELETE", "/admin/model-configs/unknown", null, [401, 403, 403, 403, 404] },
            { "PUT", "/api-keys/{key}", "{\"name\":\"n\"}", [401, 200, 404, 404, 200] },
            { "PATCH", "/api-keys/{key}", "{\"name\":\"n\"}", [401, 200, 404, 404, 200] },
            { "POST", "/api-keys/{key}/rotate", null, [401, 200, 404, 404, 200] },
            { "GET", "/admin/users/{owner}/api-keys", null, [401, 403, 403, 200, 200] },
            { "GET", "/users/{owner}/budget", null, [401, 200, 403, 200, 200] },
            { "PUT", "/users/{owner}/budget", "{\"monthly_limit\":5}", [401, 200, 403, 403, 200] },
            { "PATCH", "/users/{owner}/budget", "{\"monthly_limit\":5}", [401, 200, 403, 403, 200] },
            { "GET", "/tiers", null, [200, 200, 200, 200, 200] },
            { "GET", "/rate-limits", null, [200, 200, 200, 200, 200] },
            { "GET", "/admin/tiers", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/tiers/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/tiers", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/tiers/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/tiers/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "DELETE", "/admin/tiers/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/admin/teams", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/teams/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/teams", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/teams/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/teams/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "DELETE", "/admin/teams/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/admin/rate-limits", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/rate-limits/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/admin/rate-limits/model/unknown", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/rate-limits/tier/unknown", null, [401, 403, 403, 403, 200] },
            { "POST", "/admin/rate-limits", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/rate-limits/unknown", "{\"max_concurrent\":1}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/rate-limits/unknown", "{\"max_concurrent\":1}", [401, 403, 403, 403, 404] },
            { "DELETE", "/admin/rate-limits/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/admin/budgets", null, [401, 403, 403, 200, 200] },
            { "GET", "/admin/budgets/unknown", null, [401, 403, 403, 404, 404] },
            { "GET", "/admin/budgets/user/unknown", null, [401, 403, 403, 200, 200] },
            { "POST", "/admin/budgets", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/budgets/unknown", "{\"max_budget\":1}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/budgets/unknown", "{\"max_budget\":1}", [401, 403, 403, 403, 404] },
            { "DELETE", "/admin/budgets/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/admin/settings", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/settings/category/auth", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/settings/webhook_url", null, [401, 403, 403, 403, 200] },
            { "PUT", "/admin/settings", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/settings/unknown", "{\"value\":1}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/settings/unknown", "{\"value\":1}", [401, 403, 403, 403, 404] },
            { "GET", "/admin/events", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/deleted", null, [401, 403, 403, 403, 200] },
            { "POST", "/admin/deleted/model/unknown/restore", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/upload/logo", null, [401, 403, 403, 403, 415] },
            { "DELETE", "/admin/upload/logo", null, [401, 403, 403, 403, 400] },
            { "GET", "/admin/ledger/export?from=2020-01-01&to=2020-01-02", null, [401, 403, 403, 403, 200] },
            { "GET", "/docs", null, [302, 302, 302, 302, 302] },
            { "GET", "/admin/access-tokens", null, [401, 403, 403, 403, 200] },
            { "POST", "/admin/access-tokens", "{}", [401, 403, 403, 403, 400] },
            { "DELETE", "/admin/access-tokens/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/models/sync-model-group", null, [401, 403, 403, 403, 200] },
            { "POST", "/admin/companies/sync", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/models/litellm", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/models/litellm/model-group", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/models/litellm/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/models/litellm", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/models/litellm", "{}", [401, 403, 403, 403, 400] },
            { "DELETE", "/admin/models/litellm/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/admin/litellm/models/group-info", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/litellm/models/info", null, [401, 403, 403, 403, 200] },
            { "POST", "/admin/litellm/models", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/litellm/models", "{}", [401, 403, 403, 403, 400] },
            { "DELETE", "/admin/litellm/models/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/budgets/sync", null, [401, 403, 403, 403, 502] }, // the sandbox is a LiteLLM without a database
            { "GET", "/admin/budgets/litellm", null, [401, 403, 403, 403, 502] },
            { "GET", "/admin/budgets/litellm/settings", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/budgets/litellm/unknown", null, [401, 403, 403, 403, 502] },
            { "POST", "/admin/budgets/litellm", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/budgets/litellm", "{}", [401, 403, 403, 403, 400] },
            { "DELETE", "/admin/budgets/litellm/unknown", null, [401, 403, 403, 403, 502] },
            { "GET", "/admin/litellm/users/info", null, [401, 403, 403, 403, 200] },
            { "POST", "/admin/litellm/users/keys", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/litellm/users/keys/unknown", "{}", [401, 403, 403, 403, 400] },
            { "DELETE", "/admin/litellm/users/keys/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/litellm/test-connection", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/upstreams", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/upstreams/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/upstreams", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/upstreams/unknown", "{\"weight\":2}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/upstreams/unknown", "{\"weight\":2}", [401, 403, 403, 403, 404] },
            { "DELETE", "/admin/upstreams/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/upstreams/unknown/test", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/upstreams/unknown/sync", null, [401, 403, 403, 403, 404] },
            { "GET", "/companies", null, [200, 200, 200, 200, 200] },
            { "GET", "/companies/unknown", null, [404, 404, 404, 404, 404] },
            { "GET", "/companies/unknown/models", null, [404, 404, 404, 404, 404] },
            { "GET", "/models", null, [200, 200, 200, 200, 200] },
            { "GET", "/llm/models", null, [200, 200, 200, 200, 200] },
            { "GET", "/models/unknown", null, [404, 404, 404, 404, 404] },
            { "GET", "/admin/companies", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/companies/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/companies", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/companies/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/companies/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "DELETE", "/admin/companies/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/admin/models/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/models", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/models/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/models/unknown", "{\"name\":\"n\"}", [401, 403, 403, 403, 404] },
            { "DELETE", "/admin/models/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/currencies", null, [200, 200, 200, 200, 200] },
            { "GET", "/currencies/exchange-rates", null, [200, 200, 200, 200, 200] },
            { "POST", "/currencies/convert", "{}", [400, 400, 400, 400, 400] },
            { "POST", "/currencies/update-rates", null, [401, 403, 403, 403, 503] },
            { "POST", "/admin/currencies/update-rates", null, [401, 403, 403, 403, 503] },
            { "GET", "/admin/audit-logs", null, [401, 403, 403, 403, 200] },
            { "GET", "/requests", null, [401, 200, 200, 200, 200] },
            { "GET", "/requests/unknown", null, [401, 404, 404, 404, 404] },
            { "GET", "/requests/unknown/cost", null, [401, 404, 404, 404, 404] },
            { "GET", "/admin/usage", null, [401, 403, 403, 200, 200] },
            { "GET", "/admin/node", null, [401, 403, 403, 200, 200] },
            { "GET", "/admin/requests/in-flight", null, [401, 403, 403, 200, 200] },
            { "GET", "/users/{owner}/bill", null, [401, 200, 403, 200, 200] },
            { "GET", "/admin/requests", null, [401, 403, 403, 200, 200] },
            { "GET", "/admin/requests/user/unknown", null, [401, 403, 403, 200, 200] },
            { "GET", "/admin/requests/model/unknown", null, [401, 403, 403, 200, 200] },
            { "POST", "/admin/requests/sync", null, [401, 403, 403, 403, 502] },
            { "POST", "/admin/requests/sync/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/users/{owner}/usage-stats", null, [401, 200, 403, 200, 200] },
            { "GET", "/users/{owner}/usage", null, [401, 200, 403, 200, 200] },
            { "GET", "/admin/litellm/admin/stats", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/litellm/global/spend", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/litellm/global/spend/logs", null, [401, 403, 403, 403, 200] },
            { "GET", "/admin/litellm/global/activity", null, [401, 403, 403, 403, 400] },
            { "POST", "/auth/register", "{}", [400, 400, 400, 400, 400] },
            { "PUT", "/users/me", "{}", [401, 400, 400, 400, 400] },
            { "PATCH", "/users/me", "{}", [401, 400, 400, 400, 400] },
            { "POST", "/users/me/password", "{}", [401, 400, 400, 400, 400] },
            { "DELETE", "/admin/users/unknown", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/users/unknown/approve", null, [401, 403, 403, 403, 404] },
            { "POST", "/admin/approve/unknown", null, [401, 403, 403, 403, 404] },
            { "GET", "/users/{owner}/tier", null, [401, 200, 403, 200, 200] },
            { "POST", "/users/{owner}/tier/check", null, [401, 200, 403, 403, 200] },
            { "GET", "/balance", null, [401, 200, 200, 200, 200] },
            { "GET", "/transactions", null, [401, 200, 200, 200, 200] },
            { "GET", "/transactions/unknown", null, [401, 404, 404, 404, 404] },
            { "POST", "/transactions/deposit", "{}", [401, 400, 400, 400, 400] },
            { "GET", "/admin/transactions", null, [401, 403, 403, 200, 200] },
            { "POST", "/admin/users/{owner}/transactions", "{}", [401, 403, 403, 403, 400] },
            { "PUT", "/admin/transactions/unknown", "{\"status\":\"completed\"}", [401, 403, 403, 403, 404] },
            { "PATCH", "/admin/transactions/unknown", "{\"status\":\"completed\"}", [401, 403, 403, 403, 404] },
            { "GET", "/chats", null, [401, 200, 200, 200, 200] },
            { "POST", "/chats", null, [401, 201, 201, 201, 201] },
            { "POST", "/chats/restore", "{}", [401, 400, 400, 400, 400] },
            { "POST", "/chats/delete", "{}", [401, 400, 400, 400, 400] },
            { "GET", "/chats/{chat}", null, [401, 200, 404, 404, 404] },
            { "PUT", "/chats/{chat}", "{\"title\":\"t\"}", [401, 200, 404, 404, 404] },
            { "PATCH", "/chats/{chat}", "{\"title\":\"t\"}", [401, 200, 404, 404, 404] },
            { "DELETE", "/chats/{chat}", null, [401, 200, 404, 404, 404] },
            { "DELETE", "/chats/{chat}/permanent", null, [401, 200, 404, 404, 404] },
            { "POST", "/chats/{chat}/favorite", null, [401, 200, 404, 404, 404] },
            { "POST", "/chats/{chat}/restore", null, [401, 200, 404, 404, 404] },
            { "GET", "/chats/{chat}/messages", null, [401, 200, 404, 404, 404] },
            { "POST", "/llm/chat/{chat}/message", "{\"content\":\"hi\"}", [401, 200, 404, 404, 404] },
            { "POST", "/llm/chat/{chat}/message/stream", "{}", [401, 400, 400, 400, 400] },
            { "POST", "/llm/chat/unknown/message/stream", "{\"content\":\"hi\"}", [401, 404, 404, 404, 404] },
            { "GET", "/stream/chat/{chat}", null, [401, 400, 400, 400, 400] },
            { "GET", "/stream/chat/unknown?message=hi", null, [401, 404, 404, 404, 404] },
            { "POST", "/profile/analyze/{chat}", null, [401, 200, 404, 404, 404] },
            { "GET", "/profile", null, [401, 200, 200, 200, 200] },
            { "PUT", "/profile", "{\"likes\":[\"tea\"]}", [401, 200, 200, 200, 200] },
            { "PATCH", "/profile", "{\"likes\":[\"tea\"]}", [401, 200, 200, 200, 200] },
            { "POST", "/files/upload", null, [401, 415, 415, 415, 415] },
            { "GET", "/files", null, [401, 200, 200, 200, 200] },
            { "GET", "/files/unknown", null, [401, 404, 404, 404, 404] },
            { "DELETE", "/files/unknown", null, [401, 404, 404, 404, 404] },
            { "GET", "/admin/ledger/check", null, [401, 403, 403, 403, 200] },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_route_answers_each_role_as_the_contract_says(string method, string path, string? body, int[] expected)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var owner = await hub.NewPersonAsync();
        var other = await hub.NewPersonAsync(Roles.Enterprise);
        var support = await hub.NewPersonAsync(Roles.Support);
        HttpClient[] clients = [hub.Anonymous, owner.Client, other.Client, support.Client, hub.Admin.Client];

        List<int> statuses = [];
        foreach (var client in clients)
        {
            var key = path.Contains("{key}")
                ? (await owner.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id")
                : "";
            var chat = path.Contains("{chat}") ? (await owner.Client.SendAsync("POST", "/chats")).Body.Text("id") : "";
            var asked = path.Replace("{owner}", owner.Id).Replace("{key}", key).Replace("{chat}", chat);
            statuses.Add((int)(await client.SendAsync(method, asked, body)).Status);
        }

        Assert.Equal(expected, statuses);
    }

    [Fact]
    public async Task Every_route_stands_in_the_table_above()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var served = hub
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(e =>
                (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m =>
                    (Method: m, Pattern: e.RoutePattern.RawText!["/api/v1".Length..].TrimEnd('/'))
                )
            )
            .ToList();
        var tested = Rules.Select(r => (Method: (string)r[0], Path: (string)r[1])).ToList();

        Assert.NotEmpty(served);
        foreach (var route in served)
        {
            Assert.Contains(tested, t => t.Method == route.Method && Matches(route.Pattern, t.Path.Split('?')[0]));
        }
    }

    private static bool Matches(string pattern, string path)
    {
        var (parts, given) = (pattern.Split('/'), path.Split('/'));
        return parts.Length == given.Length && parts.Zip(given).All(p => p.First.StartsWith('{') || p.First == p.Second);
    }
}

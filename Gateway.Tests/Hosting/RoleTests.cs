using System.Net;
using System.Security.Cryptography;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Chats;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Hosting;

public sealed class RoleTests
{
    [Fact]
    public async Task A_gateway_node_serves_traffic_and_no_management()
    {
        var folder = Directory.CreateTempSubdirectory("hub-role-");
        string key;
        await using (var all = await HubHost.StartAsync(folder: folder))
        {
            key = all.ApiKey;
            Assert.NotEqual(HttpStatusCode.NotFound, (await all.Client.GetAsync("/api/v1/me")).StatusCode);
        }
        await using (
            var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["HUB_ROLE"] = "gateway" }, folder: folder)
        )
        {
            using var client = hub.NewClient(key);
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/me")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_gateway_node_answers_messages_of_chats_that_a_management_node_made()
    {
        var folder = Directory.CreateTempSubdirectory("hub-role-");
        string token,
            chat;
        var secret = new Dictionary<string, string> { ["JWT_SECRET"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)) };
        await using (var all = await HubHost.StartAsync(settings: secret, folder: folder))
        {
            var person = await AdminHub.SignInAsync(all, all.AdminEmail, all.AdminPassword);
            token = person.AccessToken;
            chat = await person.Client.NewChatAsync("sandbox-chat");
        }
        await using (
            var hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string>(secret) { ["HUB_ROLE"] = "gateway" },
                folder: folder
            )
        )
        {
            using var client = hub.NewClient(token);
            (await client.MessageAsync(chat, new { content = "Hi" })).Is(200);
            using var stream = await client.StreamNamedAsync(chat, "Hi");
            Assert.Contains("\"complete\"", await stream.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/chats/{chat}")).StatusCode);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_gateway_node_answers_browsers_of_listed_origins()
    {
        var folder = Directory.CreateTempSubdirectory("hub-role-");
        await using (await HubHost.StartAsync(folder: folder)) { }
        await using (
            var hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string> { ["HUB_ROLE"] = "gateway", ["CORS_ORIGINS"] = "https://app.example" },
                folder: folder
            )
        )
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, InferenceCalls.ChatPath);
            preflight.Headers.Add("Origin", "https://app.example");
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            preflight.Headers.Add("Access-Control-Request-Headers", "authorization, x-stainless-lang");
            using var allowed = await hub.Anonymous.SendAsync(preflight);
            Assert.Equal(
                (HttpStatusCode.NoContent, "authorization, x-stainless-lang"),
                (allowed.StatusCode, allowed.Headers.GetValues("Access-Control-Allow-Headers").Single())
            );
            using var call = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            call.Headers.Add("Origin", "https://app.example");
            using var refused = await hub.Anonymous.SendAsync(call);
            Assert.Equal(
                (HttpStatusCode.Unauthorized, "https://app.example"),
                (refused.StatusCode, refused.Headers.GetValues("Access-Control-Allow-Origin").Single())
            );
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_gateway_node_makes_accounts_for_the_users_of_another_issuer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("hub-role-");
        await using (await HubHost.StartAsync(folder: folder)) { }
        await using (var hub = await HubHost.StartAsync(settings: issuer.Settings(("HUB_ROLE", "gateway")), folder: folder))
        {
            using var client = hub.NewClient(issuer.Token("s"));
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_admin_node_serves_management_and_no_traffic()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["HUB_ROLE"] = "admin" });
        await (await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            404,
            "invalid_request_error",
            "unknown_url"
        );
        await (await hub.Client.GetAsync("/v1/models")).AssertRefusedAsync(404, "invalid_request_error", "unknown_url");
        Assert.NotEqual(HttpStatusCode.NotFound, (await hub.Client.GetAsync("/api/v1/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Each_role_serves_and_does_only_what_is_its_own()
    {
        var folder = Directory.CreateTempSubdirectory("hub-role-");
        await using (
            var admin = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["HUB_ROLE"] = "admin" }, folder: folder)
        )
        {
            Assert.Equal([], RoutesOf(admin).Where(r => r.StartsWith("/v1", StringComparison.Ordinal)));
            Assert.Contains(RoutesOf(admin), r => r.StartsWith("/api/v1/admin/users", StringComparison.Ordinal));
            Assert.Equal(
                ["ChangeFeedService", "ChangeListenerService", "DatabaseWatchService", "IssuerKeyService"],
                WorkOf(admin)
                    .Where(w =>
                        w.Namespace!.StartsWith("Gateway.", StringComparison.Ordinal)
                        && !w.Namespace.StartsWith("Gateway.Admin", StringComparison.Ordinal)
                    )
                    .Select(w => w.Name)
                    .Order()
            );
            Assert.DoesNotContain("oneui_journal", (await MetricsText.ScrapeAsync(admin)).Text, StringComparison.Ordinal);
        }
        await using (
            var gateway = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["HUB_ROLE"] = "gateway" }, folder: folder)
        )
        {
            Assert.Equal(
                [
                    "/api/v1/llm/chat/{chat_id}/message",
                    "/api/v1/llm/chat/{chat_id}/message/stream",
                    "/api/v1/profile/analyze/{chat_id}",
                    "/api/v1/stream/chat/{session_id}",
                ],
                RoutesOf(gateway).Where(r => r.StartsWith("/api", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            );
            Assert.Equal([], WorkOf(gateway).Where(w => w.Namespace!.StartsWith("Gateway.Admin", StringComparison.Ordinal)));
            Assert.DoesNotContain("oneui_webhook", (await MetricsText.ScrapeAsync(gateway)).Text, StringComparison.Ordinal);
        }
        folder.Delete(recursive: true);

        static List<string> RoutesOf(HubHost hub) =>
            [
                .. hub
                    .Services.GetRequiredService<EndpointDataSource>()
                    .Endpoints.OfType<RouteEndpoint>()
                    .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
                    .Distinct(),
            ];

        static IEnumerable<Type> WorkOf(HubHost hub) => hub.Services.GetServices<IHostedService>().Select(s => s.GetType());
    }
}

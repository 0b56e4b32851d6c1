using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Callers;

/// <summary>A key may be bound to networks; where a call comes from is told by trusted proxies alone.</summary>
public sealed class AllowedAddressTests
{
    [Theory]
    [InlineData("127.0.0.1/32", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("127.0.0.1", true)] // an imported row may hold a bare address
    [InlineData("10.0.0.0/8", false)]
    [InlineData("::1/128", false)]
    [InlineData("nonsense", false)]
    public async Task A_key_works_from_its_networks_alone(string network, bool works)
    {
        await using var hub = await HubHost.StartAsync();
        var key = await hub.AddCallerAsync(describeKey: k => k.AllowedIps = [network]);
        using var client = hub.NewClient(key.Text);
        if (works)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
            return;
        }
        var error = await (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            403,
            "permission_error",
            "ip_not_allowed"
        );
        Assert.Contains("allowed_ips", error.Message, StringComparison.Ordinal);
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "ip_not_allowed");
        await (await client.GetAsync("/v1/key")).AssertRefusedAsync(403, "permission_error", "ip_not_allowed");
    }

    [Theory, InlineData("all"), InlineData("gateway")]
    public async Task The_address_behind_a_trusted_proxy_counts(string role)
    {
        var folder = Directory.CreateTempSubdirectory("hub-role-");
        TestKey key;
        await using (var first = await HubHost.StartAsync(folder: folder))
        {
            key = await first.AddCallerAsync(describeKey: k => k.AllowedIps = ["203.0.113.0/24", "2001:db8::/32"]);
        }
        await using (
            var hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string> { ["TRUSTED_PROXIES"] = "127.0.0.0/8", ["HUB_ROLE"] = role },
                folder: folder
            )
        )
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, key, "203.0.113.7"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(hub, key, "2001:db8::7"));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(hub, key, "198.51.100.7"));
            // The last one that no proxy of ours wrote
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(hub, key, "203.0.113.7, 198.51.100.7"));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(hub, key, null));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_stranger_cannot_claim_an_address()
    {
        await using var hub = await HubHost.StartAsync();
        var key = await hub.AddCallerAsync(describeKey: k => k.AllowedIps = ["203.0.113.0/24"]);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(hub, key, "203.0.113.7"));
    }

    [Fact]
    public async Task A_network_that_is_taken_away_holds_at_once()
    {
        await using var hub = await AdminHub.StartAsync();
        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/users/me/api-keys",
            new { name = "bound", allowed_ips = new[] { "127.0.0.1" } }
        );
        created.Is(201);
        using var client = hub.Host.NewClient(created.Body.Text("api_key"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
        (
            await hub.Admin.Client.SendAsync(
                "PATCH",
                $"/api-keys/{created.Body.Text("id")}",
                new { allowed_ips = new[] { "192.0.2.0/24" } }
            )
        ).Is(200);
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "ip_not_allowed");
    }

    private static async Task<HttpStatusCode> StatusAsync(HubHost hub, TestKey key, string? forwardedFor)
    {
        using var client = hub.NewClient(key.Text);
        if (forwardedFor is not null)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        }
        return (await client.GetAsync("/v1/models")).StatusCode;
    }
}

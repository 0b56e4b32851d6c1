using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>The setting <c>default_rate_limit_policy</c>: what holds where a tier has no limit for a model.</summary>
public sealed class DefaultRateLimitPolicyTests
{
    [Theory, BothDatabases]
    public async Task Deny_leaves_a_tier_the_models_that_it_has_a_limit_for(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        using var client = hub.Host.NewClient(hub.Host.ApiKey);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);

        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/default_rate_limit_policy", new { value = "deny" })).Is(200);

        var error = await (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).AssertRefusedAsync(
            403,
            "permission_error",
            "model_not_allowed",
            "model"
        );
        Assert.Contains("Your tier", error.Message, StringComparison.Ordinal);
        Assert.Empty((await (await client.GetAsync("/v1/models")).JsonAsync()).At("data").EnumerateArray());
        var model = (await hub.Admin.Client.ReadAsync("/admin/models?search=sandbox-chat"))
            .Body.At("data")
            .EnumerateArray()
            .Single(m => m.Text("external_id") == "sandbox-chat")
            .Text("id");
        var tier = (await hub.Admin.Client.ReadAsync("/me")).Body.Text("tier_id");
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    tier_id = tier,
                    model_id = model,
                    requests_per_minute = 0,
                    requests_per_day = 0,
                    tokens_per_minute = 0,
                    tokens_per_day = 0,
                }
            )
        ).Is(201);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
        Assert.Equal(
            ["sandbox-chat"],
            (await (await client.GetAsync("/v1/models")).JsonAsync()).At("data").EnumerateArray().Select(m => m.Text("id"))
        );

        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/default_rate_limit_policy", new { value = "unlimited" })).Is(200);
        Assert.NotEqual(1, (await (await client.GetAsync("/v1/models")).JsonAsync()).At("data").GetArrayLength());
    }
}

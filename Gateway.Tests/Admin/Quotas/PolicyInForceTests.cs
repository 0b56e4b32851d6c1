using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Quotas;

/// <summary>What admins decide holds for the next call, without a restart, and leaves what traffic counted alone.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class PolicyInForceTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_raised_rate_lets_the_next_call_pass_and_the_count_goes_on(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (id, client, model) = await NewKeyAsync(hub);
        var limit = (
            await hub.Admin.Client.SendAsync("POST", "/admin/rate-limits", new { api_key_id = id, requests_per_day = 2 })
        ).Body.Text("data.id");
        Assert.Equal("200, 200, 429", await CallAsync(client, model, 3));

        (await hub.Admin.Client.SendAsync("PUT", $"/admin/rate-limits/{limit}", new { requests_per_day = 3 })).Is(200);
        Assert.Equal("200, 429", await CallAsync(client, model, 2)); // the third of the day, not the first

        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/rate-limits/{limit}")).Is(200);
        Assert.Equal("200", await CallAsync(client, model, 1));
    }

    [Theory, BothDatabases]
    public async Task A_new_cap_refuses_the_next_call_and_a_raised_one_lets_it_pass(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (id, client, model) = await NewKeyAsync(hub);
        Assert.Equal("200", await CallAsync(client, model, 1));

        var budget = (
            await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { api_key_id = id, max_budget = 0.000000001 })
        ).Body.Text("data.id");
        Assert.Equal("429", await CallAsync(client, model, 1));
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/budgets/{budget}", new { max_budget = 100 })).Is(200);
        Assert.Equal("200", await CallAsync(client, model, 1));
    }

    [Fact]
    public async Task A_policy_that_does_not_compile_is_refused_with_all_its_faults_and_the_last_good_one_stays()
    {
        await using var hub = await AdminHub.StartAsync();
        var before = hub.Host.Services.GetRequiredService<PolicySource>().Current;
        await hub.WriteAsync( // as a hand in the database may leave it
            new Tier
            {
                Id = "odd-1",
                Name = "Odd one",
                NameKey = "odd one",
                BillingMode = "barter",
                CreatedAt = DateTime.UnixEpoch,
                UpdatedAt = DateTime.UnixEpoch,
            },
            new Tier
            {
                Id = "odd-2",
                Name = "Odd two",
                NameKey = "odd two",
                MaxOutputTokens = 0,
                CreatedAt = DateTime.UnixEpoch,
                UpdatedAt = DateTime.UnixEpoch,
            }
        );

        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/tiers", new { name = "Good" });

        answer.IsError(400, "validation_failed");
        Assert.Equal(
            ["Odd one", "Odd two"],
            answer.Body.At("details").EnumerateArray().Select(d => d.Text("message")).Order().Select(m => m[5..12])
        );
        Assert.Same(before, hub.Host.Services.GetRequiredService<PolicySource>().Current);
        Assert.False(await hub.ReadAsync(db => db.Tiers.AnyAsync(t => t.Name == "Good")));
        Assert.Equal("200", await CallAsync(hub.Host.Client, "gpt-4o", 1));
    }

    private static async Task<string> CallAsync(HttpClient client, string model, int times)
    {
        List<int> statuses = [];
        for (var i = 0; i < times; i++)
        {
            using var answer = await client.ChatAsync(InferenceCalls.Chat(model, ",\"max_tokens\":5"));
            statuses.Add((int)answer.StatusCode);
        }
        return string.Join(", ", statuses);
    }

    private static async Task<(string Id, HttpClient Client, string Model)> NewKeyAsync(AdminHub hub)
    {
        var person = await hub.NewPersonAsync();
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body;
        return (key.Text("id"), hub.Host.NewClient(key.Text("api_key")), "gpt-4o");
    }
}

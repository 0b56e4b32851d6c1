using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Nodes;

/// <summary>What the process that answers tells of itself and of its calls in flight.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class NodeTests(AdminHubs hubs)
{
    [Fact]
    public async Task A_call_in_flight_is_shown_with_what_it_holds_until_it_ends()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var budget = await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { user_id = person.Id, max_budget = 1000 });
        var key = await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" });
        using var client = hub.Host.NewClient(key.Body.Text("api_key"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(
                new
                {
                    model = "sandbox-endless",
                    stream = true,
                    max_tokens = 1_000_000,
                    messages = new[] { new { role = "user", content = "Hello" } },
                }
            ),
        };

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var call = await OnlyCallAsync(hub, person);
        var id = answer.Headers.GetValues("x-oneui-request-id").Single();

        Assert.Equal(
            (id, "sandbox-endless", true, key.Body.Text("id"), 1m),
            (call.Text("id"), call.Text("model_name"), call.At("is_stream").GetBoolean(), call.Text("api_key_id"), call.Number("attempts"))
        );
        Assert.True(call.Number("held_cost") > 0);
        Assert.Contains(
            ("user", budget.Body.Text("budget.id"), true),
            call.At("holds").EnumerateArray().Select(h => (h.Text("scope"), h.Text("budget_id"), h.At("is_enforced").GetBoolean()))
        );
        var node = (await hub.Admin.Client.ReadAsync("/admin/node")).Body.At("data");
        Assert.True(node.At("serves_traffic").GetBoolean() && node.At("pays_from_budgets").GetBoolean());
        Assert.True(node.Number("calls_in_flight") >= 1 && node.Number("open_holds") >= 1);
        Assert.True(node.Number("held_cost") >= call.Number("held_cost"));

        answer.Dispose();
        await Eventually.TrueAsync(async () => (await CallsAsync(hub, person)).Count == 0, "the call has ended");
    }

    [Fact]
    public async Task Calls_in_flight_are_none_of_a_model_or_user_that_calls_nothing()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.ReadAsync("/admin/requests/in-flight?user_id=nobody&model_id=none");
        Assert.Equal(0, answer.Body.Number("total_count"));
        (await hub.Admin.Client.ReadAsync("/admin/requests/in-flight?limit=few")).IsError(400, "validation_failed");
    }

    private static async Task<JsonElement> OnlyCallAsync(AdminHub hub, Person person)
    {
        List<JsonElement> calls = [];
        await Eventually.TrueAsync(
            async () => (calls = await CallsAsync(hub, person)) is [var call] && call.Text("phase") == "answering",
            "the call is shown"
        );
        return calls[0];
    }

    private static async Task<List<JsonElement>> CallsAsync(AdminHub hub, Person person) =>
        [.. (await hub.Admin.Client.ReadAsync($"/admin/requests/in-flight?user_id={person.Id}")).Body.At("data").EnumerateArray()];
}

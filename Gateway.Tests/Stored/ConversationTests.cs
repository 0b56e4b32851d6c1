using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Stored;

/// <summary>Conversations that OpenAI keeps: whose they are, and calls that are a part of one.</summary>
public sealed class ConversationTests
{
    private const string All = "/v1/conversations";

    [Theory, BothDatabases]
    public async Task Its_user_makes_reads_changes_and_deletes_it(TestDatabase database)
    {
        await using var hub = await ProviderHub.StartAsync(database);
        using var client = await hub.NewUserAsync();
        var one = $"{All}/{await MakeAsync(client)}";
        Assert.Equal("conversation", await TextAsync(await client.GetAsync(one), "object"));
        await client.SendAsync(InferenceCalls.Post(one, """{"metadata":{"topic":"cats"}}"""));
        Assert.Equal("cats", (await (await client.GetAsync(one)).JsonAsync()).GetProperty("metadata").GetProperty("topic").GetString());
        var added = await client.SendAsync(
            InferenceCalls.Post(one + "/items", """{"items":[{"type":"message","role":"user","content":"Hi"}]}""")
        );
        var item = (await added.JsonAsync()).GetProperty("data")[0].GetProperty("id").GetString();
        Assert.Equal(2, (await (await client.GetAsync(one + "/items?limit=5")).JsonAsync()).GetProperty("data").GetArrayLength());
        Assert.Equal(item, await TextAsync(await client.GetAsync($"{one}/items/{item}"), "id"));
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"{one}/items/{item}")).StatusCode);
        Assert.True((await (await client.DeleteAsync(one)).JsonAsync()).GetProperty("deleted").GetBoolean());
        await (await client.GetAsync(one)).AssertRefusedAsync(404, "invalid_request_error", "conversation_not_found", "conversation_id");
    }

    [Theory, BothDatabases]
    public async Task To_another_user_it_does_not_exist(TestDatabase database)
    {
        await using var hub = await ProviderHub.StartAsync(database);
        using var client = await hub.NewUserAsync();
        using var other = await hub.NewUserAsync();
        var one = $"{All}/{await MakeAsync(client)}";
        var asked = hub.Provider.Calls.Count;
        foreach (
            var (method, rest) in new[]
            {
                ("GET", ""),
                ("POST", ""),
                ("DELETE", ""),
                ("GET", "/items"),
                ("POST", "/items"),
                ("GET", "/items/msg_1"),
                ("DELETE", "/items/msg_1"),
            }
        )
        {
            var answer = await other.SendAsync(new HttpRequestMessage(new HttpMethod(method), one + rest));
            await answer.AssertRefusedAsync(404, "invalid_request_error", "conversation_not_found", "conversation_id");
        }
        Assert.Equal(asked, hub.Provider.Calls.Count);
        Assert.Equal(HttpStatusCode.Unauthorized, (await hub.Hub.Anonymous.GetAsync(one)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PutAsync(one, null)).StatusCode);
    }

    [Theory, InlineData("\"{0}\""), InlineData("{{\"id\":\"{0}\"}}")]
    public async Task Only_its_user_makes_responses_in_it(string form)
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        using var other = await hub.NewUserAsync();
        var named = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, await MakeAsync(client));
        var body = $$"""{"model":"gpt-4o-mini","input":"Hi","conversation":{{named}}}""";
        var refused = await other.SendAsync(InferenceCalls.Post("/v1/responses", body));
        await refused.AssertRefusedAsync(404, "invalid_request_error", "conversation_not_found", "conversation_id");
        var answer = await client.SendAsync(InferenceCalls.Post("/v1/responses", body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("ok", (await hub.Hub.RecordAsync(answer)).Outcome);
    }

    [Fact]
    public async Task What_it_holds_counts_as_the_longest_prompt_on_a_budget()
    {
        await using var hub = await ProviderHub.StartAsync();
        var key = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyBudgetAsync(key, 1_000_000_000);
        using var client = hub.Hub.NewClient(key.Text);
        var id = await MakeAsync(client);
        var answer = await client.SendAsync(
            InferenceCalls.Post(
                "/v1/responses",
                $$"""{"model":"gpt-4o-mini","input":"Hi","max_output_tokens":10,"conversation":"{{id}}"}"""
            )
        );
        Assert.True((await hub.Hub.RecordAsync(answer)).HeldNanoUsd >= 128_000 * 150);
    }

    [Theory, InlineData("[1]"), InlineData("7"), InlineData("""{"id":"a","more":1}""")]
    public async Task A_conversation_without_an_id_is_refused(string value)
    {
        await using var hub = await ProviderHub.StartAsync();
        var answer = await hub.Hub.Client.SendAsync(
            InferenceCalls.Post("/v1/responses", $$"""{"model":"gpt-4o-mini","input":"Hi","conversation":{{value}}}""")
        );
        await answer.AssertRefusedAsync(400, "invalid_request_error", "invalid_value", "conversation");
    }

    private static async Task<string> MakeAsync(HttpClient client)
    {
        var made = await client.SendAsync(
            InferenceCalls.Post(All, """{"items":[{"type":"message","role":"user","content":"Hello"}],"metadata":{"a":"b"}}""")
        );
        return (await TextAsync(made, "id"))!;
    }

    private static async Task<string?> TextAsync(HttpResponseMessage answer, string name) =>
        (await answer.JsonAsync()).GetProperty(name).GetString();
}

using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Responses;

/// <summary>A response belongs to the user whose call made it; to anybody else it does not exist.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class StoredResponseTests(SharedHub shared)
{
    private readonly HubHost _hub = shared.Hub;

    [Theory, InlineData("/v1"), InlineData(""), InlineData("/openai/v1")]
    public async Task Its_user_reads_cancels_and_deletes_it(string prefix)
    {
        var path = $"{prefix}/responses/{await MakeAsync(_hub.Client)}";
        Assert.Equal("completed", (await (await _hub.Client.GetAsync(path)).JsonAsync()).GetProperty("status").GetString());
        Assert.Equal(
            "list",
            (await (await _hub.Client.GetAsync(path + "/input_items?limit=1")).JsonAsync()).GetProperty("object").GetString()
        );
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.PostAsync(path + "/cancel", null)).StatusCode);
        Assert.True((await (await _hub.Client.DeleteAsync(path)).JsonAsync()).GetProperty("deleted").GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await _hub.Client.GetAsync(path)).StatusCode); // gone upstream, in LiteLLM's words
    }

    [Fact]
    public async Task Another_key_of_its_user_reads_it_too()
    {
        var (first, second) = await TwoKeysAsync();
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/v1/responses/" + await MakeAsync(first))).StatusCode);
    }

    [Fact]
    public async Task To_another_user_it_does_not_exist()
    {
        var id = await MakeAsync(_hub.Client);
        using var other = _hub.NewClient((await _hub.AddCallerAsync()).Text);
        foreach (var (method, rest) in new[] { ("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/input_items") })
        {
            var answer = await other.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/responses/{id}{rest}"));
            await answer.AssertRefusedAsync(404, "invalid_request_error", "response_not_found", "response_id");
        }
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.GetAsync("/v1/responses/" + id)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _hub.Anonymous.GetAsync("/v1/responses/" + id)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _hub.Client.PutAsync("/v1/responses/" + id, null)).StatusCode);
    }

    [Fact]
    public async Task Only_its_user_goes_on_from_it()
    {
        var id = await MakeAsync(_hub.Client);
        var body = $$"""{"model":"gpt-4o-mini","input":"Hi","previous_response_id":"{{id}}"}""";
        using var other = _hub.NewClient((await _hub.AddCallerAsync()).Text);
        var refused = await other.SendAsync(InferenceCalls.Post("/v1/responses", body));
        await refused.AssertRefusedAsync(404, "invalid_request_error", "response_not_found", "response_id");
        Assert.Equal(HttpStatusCode.OK, (await _hub.Client.SendAsync(InferenceCalls.Post("/v1/responses", body))).StatusCode);
    }

    [Fact]
    public async Task A_conversation_that_the_user_did_not_make_does_not_exist()
    {
        var answer = await _hub.Client.SendAsync(
            InferenceCalls.Post("/v1/responses", """{"model":"gpt-4o-mini","input":"Hi","conversation":"conv_1"}""")
        );
        await answer.AssertRefusedAsync(404, "invalid_request_error", "conversation_not_found", "conversation_id");
    }

    private static async Task<string> MakeAsync(HttpClient client) =>
        (await (await client.SendAsync(InferenceCalls.Post("/v1/responses", """{"model":"gpt-4o-mini","input":"Hi"}"""))).JsonAsync())
            .GetProperty("id")
            .GetString()!;

    private async Task<(HttpClient First, HttpClient Second)> TwoKeysAsync()
    {
        var first = await _hub.AddCallerAsync();
        var second = await _hub.AddCallerAsync();
        await _hub.ChangeKeyAsync(second, k => k.UserId = first.UserId);
        return (_hub.NewClient(first.Text), _hub.NewClient(second.Text));
    }
}

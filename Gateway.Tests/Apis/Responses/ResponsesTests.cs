using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Responses;

/// <summary>OpenAI's responses over HTTP, with the sandbox upstream.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class ResponsesTests(SharedHub shared)
{
    private const string Path = "/v1/responses";

    private readonly HubHost _hub = shared.Hub;

    [Theory, InlineData("/v1/responses"), InlineData("/responses"), InlineData("/openai/v1/responses")]
    public async Task Plain_answer_is_charged_exactly(string path)
    {
        var answer = await _hub.Client.SendAsync(InferenceCalls.Post(path, Body("gpt-4o-mini")));
        var response = await answer.JsonAsync();
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal("completed", response.GetProperty("status").GetString());
        Assert.Equal(response.GetProperty("id").GetString(), record.ExternalRequestId);
        Assert.Equal((response.GetProperty("usage").GetProperty("input_tokens").GetInt64(), 8L), (record.Usage.Input, record.Usage.Output));
        Assert.Equal((record.Usage.Input * 150) + (record.Usage.Output * 600), record.TotalCostNanoUsd);
        Assert.Equal(("aresponses", "ok", "reported"), (record.CallType, record.Outcome, record.UsageSource));
    }

    [Theory, InlineData("gpt-4o-mini", 0), InlineData("sandbox-reasoning", 5)]
    public async Task Stream_is_charged_when_its_last_event_comes(string model, int reasoning)
    {
        var answer = await _hub.Client.SendAsync(InferenceCalls.Post(Path, Body(model, ",\"stream\":true")));
        var text = await answer.Content.ReadAsStringAsync();
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Contains("\"type\":\"response.completed\"", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Equal((8L, (long)reasoning, "ok"), (record.Usage.Output, record.Usage.Reasoning, record.Outcome));
        Assert.StartsWith("resp_", record.ExternalRequestId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_reached_its_maximum_is_incomplete_and_whole()
    {
        var answer = await _hub.Client.SendAsync(
            InferenceCalls.Post(Path, Body("gpt-4o-mini", ",\"stream\":true,\"max_output_tokens\":3"))
        );
        Assert.Contains("\"type\":\"response.incomplete\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal(("ok", 3L), (record.Outcome, record.Usage.Output));
    }

    [Theory, InlineData("sandbox-error-event"), InlineData("sandbox-drop-mid-stream")]
    public async Task Stream_that_fails_ends_with_a_failed_response_and_is_cut(string model)
    {
        var answer = await _hub.Client.SendAsync(
            InferenceCalls.Post(Path, Body(model, ",\"stream\":true")),
            HttpCompletionOption.ResponseHeadersRead
        );
        await answer.ReadAsFarAsItComesAsync();
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsCut());
        Assert.Contains("event: response.failed\ndata: {\"type\":\"response.failed\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("litellm", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, InlineData("/v1"), InlineData(""), InlineData("/openai/v1")]
    public async Task Counting_its_input_is_free_and_counts_as_a_request(string prefix)
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyRateLimitAsync(key, l => l.RequestsPerMinute = 1);
        await _hub.AddKeyBudgetAsync(key, 1);
        using var client = _hub.NewClient(key.Text);
        var call = () => client.SendAsync(InferenceCalls.Post(prefix + "/responses/input_tokens", Body("gpt-4o-mini")));
        var answer = await call();
        Assert.True((await answer.JsonAsync()).GetProperty("input_tokens").GetInt64() > 0);
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal(("ok", 0L, 0L), (record.Outcome, record.TotalCostNanoUsd, record.Usage.TotalTokens));
        Assert.Equal(429, (int)(await call()).StatusCode);
    }

    [Fact]
    public async Task Counting_does_not_read_what_another_user_keeps()
    {
        var body = Body("gpt-4o-mini", ",\"previous_response_id\":\"resp_of_somebody\"");
        Assert.Equal(404, (int)(await _hub.Client.SendAsync(InferenceCalls.Post(Path + "/input_tokens", body))).StatusCode);
    }

    [Fact]
    public async Task Maximum_and_tool_calls_are_put_into_a_budgeted_call()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 100_000_000_000);
        using var client = _hub.NewClient(key.Text);
        var answer = await client.SendAsync(InferenceCalls.Post(Path, Body("gpt-4o-mini")));
        var sent = _hub.Sandbox!.Ledger.Calls(new() { CallId = answer.RequestId() }).Single().Received!.Body!;
        Assert.Contains("\"max_output_tokens\":16384", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_without_a_known_fee_is_refused_with_the_sentence()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 100_000_000_000);
        using var client = _hub.NewClient(key.Text);
        var answer = await client.SendAsync(InferenceCalls.Post(Path, Body("sandbox-chat", ",\"tools\":[{\"type\":\"web_search\"}]")));
        await answer.AssertRefusedAsync(400, "invalid_request_error", "hosted_tool_not_allowed", "tools");
    }

    [Fact]
    public async Task Cursors_body_goes_to_chat_completions_as_it_came()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 100_000_000_000);
        using var client = _hub.NewClient(key.Text);
        var answer = await client.SendAsync(
            InferenceCalls.Post(
                InferenceCalls.ChatPath,
                """{"model":"gpt-4o-mini","input":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","name":"f","parameters":{}}]}"""
            )
        );
        var sent = _hub.Sandbox!.Ledger.Calls(new() { CallId = answer.RequestId() }).Single().Received!.Body!;
        Assert.Contains("\"input\":[{\"role\":\"user\",\"content\":\"Hi\"}]", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_goes_past_its_money_ends_as_at_a_maximum()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 2_000_000);
        using var client = _hub.NewClient(key.Text);
        var answer = await client.SendAsync(
            InferenceCalls.Post(Path, Body("sandbox-endless", ",\"stream\":true,\"max_output_tokens\":5")),
            HttpCompletionOption.ResponseHeadersRead
        );
        var text = await answer.Content.ReadAsStringAsync();
        using var last = JsonDocument.Parse(text.Split("data: ")[^1]);
        Assert.Equal("response.incomplete", last.RootElement.GetProperty("type").GetString());
        Assert.Equal("budget_reached", (await _hub.RecordAsync(answer.RequestId())).Outcome);
    }

    private static string Body(string model, string more = "") => $$"""{"model":"{{model}}","input":"Hi"{{more}}}""";
}

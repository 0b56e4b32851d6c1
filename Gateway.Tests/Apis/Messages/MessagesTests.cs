using System.Net;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Messages;

/// <summary>Anthropic's messages over HTTP, with the sandbox upstream.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class MessagesTests(SharedHub shared)
{
    private const string Path = "/v1/messages";

    private readonly HubHost _hub = shared.Hub;

    [Theory, InlineData("x-api-key"), InlineData("Authorization")]
    public async Task Call_is_answered_and_charged_with_either_credential(string header)
    {
        using var client = _hub.NewClient(null);
        client.DefaultRequestHeaders.Add(header, header == "x-api-key" ? _hub.ApiKey : "Bearer " + _hub.ApiKey);
        var answer = await client.SendAsync(InferenceCalls.Post(Path + "?beta=true", Body("claude-sonnet-4")));
        var message = await answer.JsonAsync();
        var usage = message.GetProperty("usage");
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal(answer.RequestId(), answer.Headers.GetValues("request-id").Single());
        Assert.Equal(
            (usage.GetProperty("input_tokens").GetInt64(), usage.GetProperty("output_tokens").GetInt64()),
            (record.Usage.Input, record.Usage.Output)
        );
        Assert.Equal((record.Usage.Input * 3_000) + (record.Usage.Output * 15_000), record.TotalCostNanoUsd);
        Assert.Equal(("anthropic_messages", "ok"), (record.CallType, record.Outcome));
    }

    [Fact]
    public async Task Stream_charges_the_cache_beside_the_input_and_nothing_twice()
    {
        var answer = await _hub.Client.SendAsync(InferenceCalls.Post(Path, Body("sandbox-cachewrite-split", ",\"stream\":true")));
        var text = await answer.Content.ReadAsStringAsync();
        var record = await _hub.RecordAsync(answer.RequestId());
        var call = _hub.Sandbox!.Ledger.Calls(new() { CallId = answer.RequestId() }).Single();
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", text, StringComparison.Ordinal);
        Assert.Equal(
            (
                call.Usage.PromptTokens - call.Usage.CachedTokens - call.Usage.CacheCreationTokens,
                call.Usage.CachedTokens,
                call.Usage.CacheCreationTokens - call.Usage.CacheCreationOneHourTokens,
                call.Usage.CacheCreationOneHourTokens,
                call.Usage.CompletionTokens
            ),
            (record.Usage.Input, record.Usage.CacheRead, record.Usage.CacheWrite, record.Usage.CacheWrite1h, record.Usage.Output)
        );
    }

    [Fact]
    public async Task Refusals_have_Anthropics_form_from_the_first_to_the_last()
    {
        using var unknown = _hub.NewClient($"sk-hub-{new string('a', 16)}-{new string('a', 43)}");
        await AssertErrorAsync(await unknown.SendAsync(InferenceCalls.Post(Path, Body("claude-sonnet-4"))), 401, "authentication_error");
        await AssertErrorAsync(await _hub.Client.GetAsync(Path), 405, "invalid_request_error");
        await AssertErrorAsync(await _hub.Client.SendAsync(InferenceCalls.Post(Path, "{")), 400, "invalid_request_error");
        await AssertErrorAsync(await _hub.Client.SendAsync(InferenceCalls.Post(Path, Body("nope"))), 404, "not_found_error");
        await AssertErrorAsync(await _hub.Client.SendAsync(InferenceCalls.Post(Path + "/batches", "{}")), 404, "not_found_error");
        await AssertErrorAsync(await _hub.Client.SendAsync(InferenceCalls.Post(Path, Body("sandbox-status-529"))), 529, "overloaded_error");
        await AssertErrorAsync(await _hub.Client.SendAsync(InferenceCalls.Post(Path, Body("sandbox-status-401"))), 502, "api_error");
    }

    [Fact]
    public async Task Reached_rate_tells_when_to_come_again_in_Anthropics_headers()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyRateLimitAsync(key, l => l.RequestsPerMinute = 1);
        using var client = _hub.NewClient(key.Text);
        var first = await client.SendAsync(InferenceCalls.Post(Path, Body("claude-sonnet-4")));
        Assert.Equal("1", first.Headers.GetValues("anthropic-ratelimit-requests-limit").Single());
        Assert.Equal("0", first.Headers.GetValues("anthropic-ratelimit-requests-remaining").Single());
        Assert.True(DateTimeOffset.TryParse(first.Headers.GetValues("anthropic-ratelimit-requests-reset").Single(), out _));
        var second = await client.SendAsync(InferenceCalls.Post(Path, Body("claude-sonnet-4")));
        await AssertErrorAsync(second, 429, "rate_limit_error");
        Assert.True(second.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Used_up_money_is_told_and_not_tried_again()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 1_000);
        using var client = _hub.NewClient(key.Text);
        var answer = await client.SendAsync(InferenceCalls.Post(Path, Body("claude-sonnet-4")));
        var error = await AssertErrorAsync(answer, 429, "rate_limit_error");
        Assert.Equal("insufficient_quota", error.GetProperty("gateway").GetProperty("code").GetString());
        Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
    }

    [Fact]
    public async Task Counting_tokens_is_free_and_counts_as_a_request()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 1_000);
        await _hub.AddKeyRateLimitAsync(key, l => l.RequestsPerMinute = 1);
        using var client = _hub.NewClient(key.Text);
        var body = """{"model":"claude-sonnet-4","messages":[{"role":"user","content":"hi"}]}""";
        var answer = await client.SendAsync(InferenceCalls.Post(Path + "/count_tokens?beta=true", body));
        Assert.True((await answer.JsonAsync()).GetProperty("input_tokens").GetInt64() > 0);
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal(("ok", "completed", 0L), (record.Outcome, record.Status, record.TotalCostNanoUsd));
        await AssertErrorAsync(await client.SendAsync(InferenceCalls.Post(Path + "/count_tokens", body)), 429, "rate_limit_error");
    }

    [Fact]
    public async Task The_root_answers_HEAD_as_Claude_Code_asks() =>
        Assert.Equal(HttpStatusCode.OK, (await _hub.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"))).StatusCode);

    [Theory]
    [InlineData("sandbox-error-event", "api_error")]
    [InlineData("sandbox-error-event-429", "rate_limit_error")]
    [InlineData("sandbox-drop-mid-stream", "api_error")]
    public async Task Stream_that_breaks_ends_with_an_error_event_and_is_cut(string model, string type)
    {
        var answer = await _hub.Client.SendAsync(
            InferenceCalls.Post(Path, Body(model, ",\"stream\":true")),
            HttpCompletionOption.ResponseHeadersRead
        );
        await answer.ReadAsFarAsItComesAsync();
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsCut());
        Assert.Contains($"event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"{type}\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_goes_past_its_money_ends_as_at_a_maximum()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 2_000_000);
        using var client = _hub.NewClient(key.Text);
        var answer = await client.SendAsync(
            InferenceCalls.Post(Path, Body("sandbox-endless", ",\"stream\":true", maximum: 5)),
            HttpCompletionOption.ResponseHeadersRead
        );
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}", text, StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"max_tokens\"", text, StringComparison.Ordinal);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", text, StringComparison.Ordinal);
        Assert.Equal("budget_reached", (await _hub.RecordAsync(answer.RequestId())).Outcome);
    }

    private static string Body(string model, string more = "", int maximum = 100) =>
        $$"""{"model":"{{model}}","max_tokens":{{maximum}},"messages":[{"role":"user","content":"Hi"}]{{more}}}""";

    private static async Task<JsonElement> AssertErrorAsync(HttpResponseMessage answer, int status, string type)
    {
        var body = await answer.JsonAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("error", body.GetProperty("type").GetString());
        Assert.Equal(type, body.GetProperty("error").GetProperty("type").GetString());
        Assert.NotEmpty(body.GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal(answer.RequestId(), body.GetProperty("request_id").GetString());
        return body.GetProperty("error");
    }
}

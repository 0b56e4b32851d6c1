using System.Text.Json.Nodes;
using Gateway.Core.Storage.Entities;

namespace Gateway.Tests.RealLiteLlm;

/// <summary>Our charge against LiteLLM's own figure, for the newer APIs that answer with text: messages and responses.</summary>
[Collection(RealLiteLlmTests.Name)]
public sealed class RealTextCostTests(RealHub real)
{
    private const string Messages = "/v1/messages";
    private const string Responses = "/v1/responses";

    [RealLiteLlmTheory]
    [InlineData(Messages, "claude")]
    [InlineData(Messages, "claude-map")]
    [InlineData(Messages, "claude-cache-full")]
    [InlineData(Messages, "claude-cache-io")]
    [InlineData(Messages, "claude-cache5m-full")]
    [InlineData(Messages, "claude-cachemin-full")]
    [InlineData(Messages, "claude-long-tiers")]
    [InlineData(Messages, "claude-search")]
    [InlineData(Messages, "claude-tools")]
    [InlineData(Messages, "chat")]
    [InlineData(Messages, "cached-full")]
    [InlineData(Messages, "tools")]
    [InlineData(Responses, "chat")]
    [InlineData(Responses, "cached-full")]
    [InlineData(Responses, "cached-io")]
    [InlineData(Responses, "cachewrite-full")]
    [InlineData(Responses, "reasoning-full")]
    [InlineData(Responses, "cachedreasoning-full")]
    [InlineData(Responses, "tools")]
    [InlineData(Responses, "claude")]
    [InlineData(Responses, "claude-cache-io")]
    public async Task Our_charge_is_what_LiteLlm_says_it_cost_plain_and_streamed(string path, string model)
    {
        var plain = await RecordAsync(path, model, stream: false);
        var streamed = await RecordAsync(path, model, stream: true);
        Assert.True(plain.TotalCostNanoUsd > 0);
        Assert.Equal(plain.UpstreamCostNanoUsd, plain.TotalCostNanoUsd);
        Assert.Equal(plain.TotalCostNanoUsd, streamed.TotalCostNanoUsd);
        Assert.Equal(path == Messages ? null : streamed.TotalCostNanoUsd, streamed.UpstreamCostNanoUsd); // of messages it tells none
    }

    // Both are known to LiteLLM alone, and its answer does not tell them: the tokens of the thoughts, which it counts by itself at the
    // price of reasoning; and what of the cache was written for an hour, once it has made a response of a message.
    [RealLiteLlmTheory]
    [InlineData(Messages, "claude-thinking", 1_370_000, 1_394_000)]
    [InlineData(Responses, "claude-cache-full", 3_830_000, 4_430_000)]
    public async Task Where_the_charge_differs_it_is_known_why(string path, string model, long nanoUsd, long theirs)
    {
        var record = await RecordAsync(path, model, stream: false);
        Assert.Equal((nanoUsd, (long?)theirs), (record.TotalCostNanoUsd, record.UpstreamCostNanoUsd));
    }

    [RealLiteLlmTheory]
    [InlineData(Messages, "/count_tokens", "claude")]
    [InlineData(Messages, "/count_tokens", "chat")]
    [InlineData(Responses, "/input_tokens", "chat")]
    public async Task Counting_tokens_is_free_on_both_sides(string path, string rest, string model)
    {
        var answer = await real.CallAsync(path + rest, Body(path, model, stream: false));
        var record = await answer.RecordAsync();
        Assert.True(answer.Json["input_tokens"]!.GetValue<long>() > 0);
        Assert.Equal(("ok", 0L, 0L), (record.Outcome, record.TotalCostNanoUsd, record.UpstreamCostNanoUsd ?? 0));
    }

    private async Task<UsageRecord> RecordAsync(string path, string model, bool stream)
    {
        var answer = await real.CallAsync(path, Body(path, model, stream));
        Assert.True(answer.Status == 200, answer.Text);
        var record = await answer.RecordAsync();
        Assert.Equal(("ok", "reported", stream), (record.Outcome, record.UsageSource, record.IsStream));
        return record;
    }

    private static JsonObject Body(string path, string model, bool stream)
    {
        var body = new JsonObject { ["model"] = model };
        if (path == Messages)
        {
            body["max_tokens"] = 200;
            body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" });
        }
        else
        {
            body["input"] = "Hello";
        }
        if (stream)
        {
            body["stream"] = true;
        }
        return body;
    }
}

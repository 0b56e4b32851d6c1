using System.Text.Json.Nodes;

namespace Gateway.Tests.RealLiteLlm;

[Collection(RealLiteLlmTests.Name)]
public sealed class RealAnswerTests(RealHub real)
{
    private const string Said = "Hello from the mock provider, all eight words.";

    [RealLiteLlmFact]
    public async Task Chat_is_answered_and_carries_its_cost()
    {
        var answer = await real.ChatAsync("chat");
        Assert.Equal((200, Said), (answer.Status, answer.Content));
        Assert.Equal("0.00015", answer.Http.Headers.GetValues("x-oneui-cost-usd").Single());
    }

    [RealLiteLlmFact]
    public async Task A_stream_is_whole_and_hides_the_usage_that_was_not_asked_for()
    {
        var answer = await real.ChatAsync("chat", stream: true);
        Assert.Equal((200, Said, true), (answer.Status, answer.Content, answer.IsDone));
        Assert.All(answer.Chunks, chunk => Assert.Null(chunk["usage"]));
        Assert.Equal("stop", answer.Chunks[^1]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(20, (await answer.RecordAsync()).Usage.Input);
    }

    [RealLiteLlmFact]
    public async Task A_stream_shows_the_usage_that_was_asked_for()
    {
        var answer = await real.ChatAsync("chat", stream: true, includeUsage: true);
        Assert.Equal(10, answer.Chunks[^1]["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.True(answer.IsDone);
    }

    [RealLiteLlmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_is_called(bool stream)
    {
        var answer = await real.ChatAsync(
            "tools",
            stream,
            change: body =>
                body["tools"] = JsonNode.Parse(
                    """[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{}}}}]"""
                )
        );
        Assert.Equal(200, answer.Status);
        Assert.Contains("\"tool_calls\"", answer.Text, StringComparison.Ordinal);
    }

    [RealLiteLlmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_completions_are_answered_and_charged(bool stream)
    {
        var answer = await real.CallAsync(
            "/v1/completions",
            new JsonObject
            {
                ["model"] = "chat",
                ["prompt"] = "Hello",
                ["stream"] = stream,
            }
        );
        var record = await answer.RecordAsync();
        Assert.Equal((200, Said), (answer.Status, answer.Content));
        Assert.Equal(("atext_completion", 150_000), (record.CallType, record.TotalCostNanoUsd));
        Assert.Equal(record.UpstreamCostNanoUsd, record.TotalCostNanoUsd);
    }

    [RealLiteLlmFact]
    public async Task Embeddings_are_answered_and_charged()
    {
        var answer = await real.CallAsync(
            "/v1/embeddings",
            new JsonObject { ["model"] = "embed", ["input"] = new JsonArray("one", "two") }
        );
        var record = await answer.RecordAsync();
        Assert.NotEmpty(answer.Json["data"]!.AsArray());
        Assert.Equal(("aembedding", "reported"), (record.CallType, record.UsageSource));
        Assert.Equal(answer.Json["usage"]!["prompt_tokens"]!.GetValue<long>() * 2_000, record.TotalCostNanoUsd);
        Assert.Equal(record.TotalCostNanoUsd, record.UpstreamCostNanoUsd);
    }

    [RealLiteLlmFact]
    public async Task Nothing_of_LiteLlm_is_in_the_headers()
    {
        var answer = await real.ChatAsync("chat");
        Assert.DoesNotContain(
            answer.Http.Headers.Concat(answer.Http.Content.Headers),
            header =>
                header.Key.Contains("litellm", StringComparison.OrdinalIgnoreCase)
                || header.Key.StartsWith("llm_provider", StringComparison.OrdinalIgnoreCase)
        );
    }

    [RealLiteLlmFact]
    public async Task The_catalogue_is_the_upstreams()
    {
        var listed = JsonNode.Parse(await real.Hub.Client.GetStringAsync("/v1/models"))!["data"]!
            .AsArray()
            .Select(model => model!["id"]!.GetValue<string>());
        Assert.Superset(new HashSet<string> { "chat", "claude", "gemini-cached", "embed", "pool" }, listed.ToHashSet());
    }
}

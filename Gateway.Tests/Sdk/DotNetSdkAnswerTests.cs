using System.ClientModel.Primitives;
using Gateway.Tests.Support;
using OpenAI.Chat;

namespace Gateway.Tests.Sdk;

/// <summary>OpenAI's own .NET package against the running product: answers that come whole.</summary>
public sealed class DotNetSdkAnswerTests(SdkHub sdk) : IClassFixture<SdkHub>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather",
        "Tells the weather.",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string"}}}""")
    );

    [Fact]
    public async Task Chat_is_answered()
    {
        ChatCompletion answer = await sdk.NewClient().GetChatClient("sandbox-chat").CompleteChatAsync("Hello");
        Assert.StartsWith("Hello", answer.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal("sandbox-chat", answer.Model);
    }

    [Fact]
    public async Task The_usage_the_sdk_shows_is_the_usage_that_is_charged()
    {
        var result = await sdk.NewClient().GetChatClient("sandbox-usage-1000-500").CompleteChatAsync("Hello");
        var record = await sdk.Hub.RecordAsync(Header(result.GetRawResponse(), "x-oneui-request-id"));
        Assert.Equal((1_000, 500), (result.Value.Usage.InputTokenCount, result.Value.Usage.OutputTokenCount));
        Assert.Equal((1_000, 500), (record.Usage.Input, record.Usage.Output));
        Assert.Equal((1_000 * 2_000) + (500 * 11_000), record.TotalCostNanoUsd);
    }

    [Fact]
    public async Task A_plain_answer_says_what_it_cost()
    {
        var result = await sdk.NewClient().GetChatClient("sandbox-usage-1000-500").CompleteChatAsync("Hello");
        Assert.Equal("0.0075", Header(result.GetRawResponse(), "x-oneui-cost-usd"));
    }

    [Fact]
    public async Task Cached_and_reasoning_tokens_reach_the_sdk()
    {
        var client = sdk.NewClient();
        ChatCompletion cached = await client.GetChatClient("sandbox-cached").CompleteChatAsync("Hello");
        ChatCompletion reasoned = await client.GetChatClient("sandbox-reasoning-250").CompleteChatAsync("Hello");
        Assert.True(cached.Usage.InputTokenDetails.CachedTokenCount > 0);
        Assert.Equal(250, reasoned.Usage.OutputTokenDetails.ReasoningTokenCount);
    }

    [Fact]
    public async Task A_tool_call_can_be_answered()
    {
        var chat = sdk.NewClient().GetChatClient("sandbox-tools");
        var options = new ChatCompletionOptions { Tools = { Weather } };
        ChatCompletion asked = await chat.CompleteChatAsync([new UserChatMessage("Weather in Bern?")], options);
        var call = Assert.Single(asked.ToolCalls);
        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        Assert.Equal("Bern", call.FunctionArguments.ToObjectFromJson<Dictionary<string, string>>()!["city"]);

        ChatCompletion told = await chat.CompleteChatAsync([
            new UserChatMessage("Weather in Bern?"),
            new AssistantChatMessage(asked),
            new ToolChatMessage(call.Id, "12 degrees"),
        ]);
        Assert.NotEmpty(told.Content[0].Text);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task An_answer_is_of_the_schema_that_was_asked_for(bool streamed)
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                "plan",
                BinaryData.FromString(
                    """
                    {"type":"object","properties":{"title":{"type":"string"},"steps":{"type":"array","items":{"$ref":"#/$defs/step"}},"due":{"type":"string","format":"date-time"}},
                     "required":["title","steps","due"],"additionalProperties":false,
                     "$defs":{"step":{"type":"object","properties":{"minutes":{"type":"integer"},"kind":{"enum":["Cook","Wait"]}},"required":["minutes","kind"],"additionalProperties":false}}}
                    """
                ),
                jsonSchemaIsStrict: true
            ),
        };
        var chat = sdk.NewClient().GetChatClient("gpt-4o-mini");
        var text = new System.Text.StringBuilder();
        if (streamed)
        {
            await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("Plan it")], options))
            {
                text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
            }
        }
        else
        {
            text.Append((await chat.CompleteChatAsync([new UserChatMessage("Plan it")], options)).Value.Content[0].Text);
        }
        var plan = System.Text.Json.JsonSerializer.Deserialize<Plan>(text.ToString(), System.Text.Json.JsonSerializerOptions.Web)!;
        Assert.NotEmpty(plan.Title);
        Assert.All(plan.Steps, step => Assert.Contains(step.Kind, new[] { "Cook", "Wait" }));
        Assert.NotEmpty(plan.Steps);
        Assert.NotEqual(default, plan.Due);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_loop_of_tool_calls_ends_after_the_tools_result(bool streamed)
    {
        var chat = sdk.NewClient().GetChatClient("sandbox-tools");
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> messages = [new UserChatMessage("Weather in Bern?")];
        ChatCompletion asked = await chat.CompleteChatAsync(messages, options);
        messages.AddRange([new AssistantChatMessage(asked), new ToolChatMessage(asked.ToolCalls[0].Id, "12 degrees")]);

        var reason = streamed
            ? await chat.CompleteChatStreamingAsync(messages, options)
                .Where(update => update.FinishReason is not null)
                .Select(update => update.FinishReason)
                .FirstAsync()
            : (await chat.CompleteChatAsync(messages, options)).Value.FinishReason;

        Assert.Equal(ChatFinishReason.Stop, reason);
    }

    [Fact]
    public async Task Several_choices_are_answered_and_charged()
    {
        // The typed client asks for one choice only; the body is what another client would send.
        var result = await sdk.NewClient()
            .GetChatClient("sandbox-chat")
            .CompleteChatAsync(
                System.ClientModel.BinaryContent.Create(
                    BinaryData.FromString("""{"model":"sandbox-chat","n":3,"messages":[{"role":"user","content":"Hello"}]}""")
                )
            );
        using var answer = System.Text.Json.JsonDocument.Parse(result.GetRawResponse().Content);
        var record = await sdk.Hub.RecordAsync(Header(result.GetRawResponse(), "x-oneui-request-id"));
        Assert.Equal(3, answer.RootElement.GetProperty("choices").GetArrayLength());
        Assert.Equal(answer.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt64(), record.Usage.Output);
    }

    [Fact]
    public async Task Embeddings_are_answered_and_charged()
    {
        var result = await sdk.NewClient().GetEmbeddingClient("sandbox-embedding").GenerateEmbeddingsAsync(["one", "two"]);
        var record = await sdk.Hub.RecordAsync(Header(result.GetRawResponse(), "x-oneui-request-id"));
        Assert.Equal([0, 1], result.Value.Select(embedding => embedding.Index));
        Assert.All(result.Value, embedding => Assert.NotEqual(0, embedding.ToFloats().Length));
        Assert.Equal(result.Value.Usage.InputTokenCount, record.Usage.Input);
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task Models_are_listed()
    {
        var models = await sdk.NewClient().GetOpenAIModelClient().GetModelsAsync();
        Assert.Contains(models.Value, model => model.Id == "sandbox-chat");
    }

    [Theory]
    [InlineData("sandbox-chat")]
    [InlineData("openai/gpt-4o")] // the SDK sends the slash as %2F
    public async Task A_model_is_found_by_its_name(string name)
    {
        var model = await sdk.NewClient().GetOpenAIModelClient().GetModelAsync(name);
        Assert.Equal(name, model.Value.Id);
    }

    [Fact]
    public async Task A_restricted_key_sees_only_its_models()
    {
        var models = await sdk.NewClient(sdk.RestrictedKey).GetOpenAIModelClient().GetModelsAsync();
        Assert.Equal("sandbox-chat", Assert.Single(models.Value).Id);
    }

    private sealed record Plan(string Title, List<Step> Steps, DateTimeOffset Due);

    private sealed record Step(int Minutes, string Kind);

    private static string Header(PipelineResponse response, string name) =>
        response.Headers.TryGetValue(name, out var value) ? value! : throw new InvalidOperationException($"The answer has no {name}.");
}

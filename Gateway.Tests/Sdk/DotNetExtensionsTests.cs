using System.ClientModel;
using System.Text.Json;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.Extensions.AI;

namespace Gateway.Tests.Sdk;

/// <summary>
/// <c>Microsoft.Extensions.AI.OpenAI</c> against the running product: chats and the Responses API through one interface, and embeddings.
/// </summary>
public sealed class DotNetExtensionsTests(SdkHub sdk) : IClassFixture<SdkHub>
{
    private static readonly AITool Weather = AIFunctionFactory.CreateDeclaration(
        "get_weather",
        "Tells the weather.",
        JsonSerializer.SerializeToElement(new { type = "object", properties = new { city = new { type = "string" } } })
    );

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task An_answer_comes_with_its_usage(bool responses)
    {
        var answer = await NewClient(responses, "gpt-4o-mini").GetResponseAsync("Hello");
        Assert.StartsWith("Hello", answer.Text, StringComparison.Ordinal);
        Assert.Equal(8, answer.Usage!.OutputTokenCount);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_stream_is_put_together_with_its_usage(bool responses)
    {
        var updates = await NewClient(responses, "gpt-4o-mini").GetStreamingResponseAsync("Hello").ToListAsync();
        Assert.True(updates.Count(update => update.Text.Length > 0) > 1);
        var answer = updates.ToChatResponse();
        Assert.StartsWith("Hello", answer.Text, StringComparison.Ordinal);
        Assert.Equal(8, answer.Usage!.OutputTokenCount);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_tool_is_called_and_its_result_answered(bool responses)
    {
        var client = NewClient(responses, "sandbox-tools");
        var options = new ChatOptions { Tools = [Weather] };
        List<ChatMessage> messages = [new(ChatRole.User, "Weather in Bern?")];
        var asked = await client.GetResponseAsync(messages, options);
        var call = Assert.Single(asked.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>());
        Assert.NotNull(call.Arguments!["city"]);

        messages.AddRange(asked.Messages);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "12 degrees")]));
        Assert.StartsWith("Hello", (await client.GetResponseAsync(messages, options)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task An_answer_has_the_schema_that_was_asked_for(bool responses)
    {
        var schema = JsonSerializer.SerializeToElement(
            new
            {
                type = "object",
                properties = new { title = new { type = "string" } },
                required = new[] { "title" },
                additionalProperties = false,
            }
        );
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "plan") };
        var answer = await NewClient(responses, "gpt-4o-mini").GetResponseAsync("Plan it", options);
        Assert.Equal(JsonValueKind.String, JsonDocument.Parse(answer.Text).RootElement.GetProperty("title").ValueKind);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Refusals_have_status_and_sentence(bool responses)
    {
        await FailsAsync(responses, "gpt-4o-mini", $"sk-hub-{new string('a', 16)}-{new string('a', 43)}", 401, "invalid_api_key");
        await FailsAsync(responses, "sandbox-tools", sdk.RestrictedKey, 403, "model_not_allowed");
        await FailsAsync(responses, "nope", null, 404, "does not exist");
        await FailsAsync(responses, "gpt-4o", sdk.BrokeKey, 429, "insufficient_quota");
        Assert.Empty(sdk.CallsOf("gpt-4o"));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_call_above_the_limit_is_tried_again_and_passes(bool responses)
    {
        // A caller of its own: a place may be given back a moment after the one who left.
        var caller = await sdk.Hub.AddCallerAsync();
        await sdk.Hub.AddKeyRateLimitAsync(caller, limit => limit.MaxConcurrent = 1);
        var log = new StatusLog();
        using var watched = new HttpClient(log);
        using var http = sdk.Hub.NewClient(caller.Text);
        Task<ChatResponse> answer;
        using (await http.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless")))
        {
            answer = NewClient(responses, "gpt-4o-mini", caller.Text, retries: 5, watched).GetResponseAsync("Hello");
            await Eventually.TrueAsync(() => Task.FromResult(log.Statuses is [429]), "the SDK was refused once");
        }
        Assert.StartsWith("Hello", (await answer).Text, StringComparison.Ordinal);
        Assert.Equal([429, 200], log.Statuses);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_reader_that_leaves_ends_the_stream_upstream(bool responses)
    {
        using var leave = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            var client = NewClient(responses, "sandbox-trickle");
            await foreach (var update in client.GetStreamingResponseAsync("Hello", cancellationToken: leave.Token))
            {
                if (update.Text.Length > 0)
                {
                    await leave.CancelAsync();
                }
            }
        });
        await Eventually.TrueAsync(
            () => Task.FromResult(sdk.CallsOf("sandbox-trickle")[^1].Outcome == SandboxOutcome.ClientLeft),
            "the upstream sees that the reader left"
        );
    }

    [Fact]
    public async Task Texts_are_embedded()
    {
        var generator = sdk.NewClient().GetEmbeddingClient("text-embedding-3-small").AsIEmbeddingGenerator();
        var embeddings = await generator.GenerateAsync(["one", "two"]);
        Assert.Equal(2, embeddings.Count);
        Assert.All(embeddings, embedding => Assert.NotEqual(0, embedding.Vector.Length));
    }

    private async Task FailsAsync(bool responses, string model, string? key, int status, string text)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => NewClient(responses, model, key).GetResponseAsync("Hello"));
        Assert.Equal(status, error.Status);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private IChatClient NewClient(bool responses, string model, string? key = null, int retries = 0, HttpClient? http = null)
    {
        var client = sdk.NewClient(key, retries, http);
#pragma warning disable OPENAI001 // the Responses API of this package is marked as experimental
        return responses ? client.GetResponsesClient().AsIChatClient(model) : client.GetChatClient(model).AsIChatClient();
#pragma warning restore OPENAI001
    }
}

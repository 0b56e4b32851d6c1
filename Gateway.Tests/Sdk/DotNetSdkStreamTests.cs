using System.ClientModel;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;

namespace Gateway.Tests.Sdk;

/// <summary>OpenAI's own .NET package against the running product: streams.</summary>
public sealed class DotNetSdkStreamTests(SdkHub sdk) : IClassFixture<SdkHub>
{
    [Fact]
    public async Task A_stream_is_read_to_its_end()
    {
        var updates = await ReadAsync("sandbox-chat");
        Assert.StartsWith(
            "Hello",
            string.Concat(updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text)),
            StringComparison.Ordinal
        );
        Assert.Contains(updates, update => update.FinishReason == ChatFinishReason.Stop);
    }

    [Fact]
    public async Task A_stream_carries_the_usage_that_is_charged()
    {
        var usage = Assert.Single(await ReadAsync("sandbox-usage-1000-500"), update => update.Usage is not null).Usage;
        var record = await sdk.Hub.RecordAsync(Assert.Single(sdk.CallsOf("sandbox-usage-1000-500")).CallId);
        Assert.Equal((1_000, 500), (usage.InputTokenCount, usage.OutputTokenCount));
        Assert.Equal(("ok", "reported", 7_500_000), (record.Outcome, record.UsageSource, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task Tool_calls_come_in_pieces()
    {
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("get_weather") } };
        var pieces = new List<StreamingChatToolCallUpdate>();
        await foreach (
            var update in sdk.NewClient()
                .GetChatClient("sandbox-tools")
                .CompleteChatStreamingAsync([new UserChatMessage("Weather?")], options)
        )
        {
            pieces.AddRange(update.ToolCallUpdates);
        }
        Assert.True(pieces.Count > 1);
        Assert.Equal("get_weather", pieces[0].FunctionName);
        Assert.Equal("""{"city":"Bern","unit":"c"}""", string.Concat(pieces.Select(piece => piece.FunctionArgumentsUpdate?.ToString())));
    }

    // An endless stream proves it without a clock: who waits for its end gets nothing.
    [Fact]
    public async Task A_chunk_is_there_while_the_upstream_still_speaks()
    {
        using var leave = new CancellationTokenSource();
        await using var stream = Stream("sandbox-endless", leave.Token);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal(SandboxOutcome.Open, sdk.CallsOf("sandbox-endless")[^1].Outcome);
        await leave.CancelAsync();
    }

    [Fact]
    public async Task Who_leaves_a_stream_ends_it_upstream_and_pays_for_what_came()
    {
        using var leave = new CancellationTokenSource();
        await using (var stream = Stream("sandbox-trickle", leave.Token))
        {
            Assert.True(await stream.MoveNextAsync());
            Assert.True(await stream.MoveNextAsync());
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                while (await stream.MoveNextAsync()) { }
            });
        }
        await sdk.Ledger.WaitForIdleAsync();
        var call = sdk.CallsOf("sandbox-trickle")[^1];
        var record = await sdk.Hub.RecordAsync(call.CallId);
        Assert.Equal(SandboxOutcome.ClientLeft, call.Outcome);
        Assert.Equal(("client_left", "estimated", true), (record.Outcome, record.UsageSource, record.IsStream));
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task An_error_before_the_first_chunk_has_a_status()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => ReadAsync("sandbox-error-event-first"));
        Assert.Equal(500, error.Status);
    }

    // The SDK reads an error event as an empty update: only the body that breaks off tells it that this is no answer.
    [Theory]
    [InlineData("sandbox-error-event", "upstream_error")]
    [InlineData("sandbox-drop-mid-stream", "upstream_truncated")]
    public async Task A_stream_that_breaks_is_an_exception(string model, string outcome)
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(model, updates));
        Assert.True(error is IOException or ClientResultException or HttpRequestException, error.ToString());
        Assert.NotEmpty(updates.SelectMany(update => update.ContentUpdate));
        Assert.DoesNotContain(updates, update => update.FinishReason is not null);
        Assert.Equal(outcome, (await sdk.Hub.RecordAsync(sdk.CallsOf(model)[^1].CallId)).Outcome);
    }

    [Theory]
    [InlineData("sandbox-error-event")]
    [InlineData("sandbox-drop-mid-stream")]
    public async Task A_stream_that_breaks_is_an_exception_for_the_extensions_too(string model)
    {
        var client = sdk.NewClient().GetChatClient(model).AsIChatClient();
        var texts = new List<string>();
        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Hello"))
            {
                texts.Add(update.Text);
            }
        });
        Assert.True(error is IOException or ClientResultException or HttpRequestException, error.ToString());
        Assert.NotEmpty(string.Concat(texts));
    }

    [Fact]
    public async Task The_extensions_read_a_whole_stream_to_its_end()
    {
        var client = sdk.NewClient().GetChatClient("sandbox-chat").AsIChatClient();
        Microsoft.Extensions.AI.ChatFinishReason? finish = null;
        await foreach (var update in client.GetStreamingResponseAsync("Hello"))
        {
            finish = update.FinishReason ?? finish;
        }
        Assert.Equal(Microsoft.Extensions.AI.ChatFinishReason.Stop, finish);
    }

    [Fact]
    public async Task A_stream_whose_money_is_used_up_ends_as_at_a_maximum()
    {
        var caller = await sdk.Hub.AddCallerAsync();
        await sdk.Hub.AddKeyBudgetAsync(caller, 1_500_000);
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 5 };
        ChatFinishReason? finish = null;
        await foreach (
            var update in sdk.NewClient(caller.Text)
                .GetChatClient("sandbox-ignores-max-tokens")
                .CompleteChatStreamingAsync([new UserChatMessage("Hello")], options)
        )
        {
            finish = update.FinishReason ?? finish;
        }
        Assert.Equal(ChatFinishReason.Length, finish);
    }

    private IAsyncEnumerator<StreamingChatCompletionUpdate> Stream(string model, CancellationToken leave) =>
        sdk.NewClient()
            .GetChatClient(model)
            .CompleteChatStreamingAsync([new UserChatMessage("Hello")], cancellationToken: leave)
            .GetAsyncEnumerator(leave);

    private Task<List<StreamingChatCompletionUpdate>> ReadAsync(string model) => ReadAsync(model, []);

    private async Task<List<StreamingChatCompletionUpdate>> ReadAsync(string model, List<StreamingChatCompletionUpdate> updates)
    {
        await foreach (var update in sdk.NewClient().GetChatClient(model).CompleteChatStreamingAsync("Hello"))
        {
            updates.Add(update);
        }
        return updates;
    }
}

using System.ClientModel;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using OpenAI.Chat;

namespace Gateway.Tests.Sdk;

/// <summary>OpenAI's own .NET package against the running product: streams.</summary>
public sealed class DotNetSdkStreamTests(SdkHub sdk) : IClassFixture<SdkHub>
{
    [Fact]
    public async Task A_stream_is_read_to_its_end()
    {
        var updates = await ReadAsync("sandbox-chat");
        Assert.StartsWith("Hello", string.Concat(updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text)), StringComparison.Ordinal);
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
        await foreach (var update in sdk.NewClient().GetChatClient("sandbox-tools").CompleteChatStreamingAsync([new UserChatMessage("Weather?")], options))
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
                while (await stream.MoveNextAsync())
                {
                }
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

    // The SDK reads an error event as an empty update and then the end; what must hold is that no finish is told, and that the ledger knows.
    [Fact]
    public async Task A_stream_that_breaks_tells_no_finish()
    {
        var updates = await ReadAsync("sandbox-error-event");
        var record = await sdk.Hub.RecordAsync(Assert.Single(sdk.CallsOf("sandbox-error-event")).CallId);
        Assert.DoesNotContain(updates, update => update.FinishReason is not null);
        Assert.Equal("upstream_error", record.Outcome);
    }

    private IAsyncEnumerator<StreamingChatCompletionUpdate> Stream(string model, CancellationToken leave) =>
        sdk.NewClient().GetChatClient(model).CompleteChatStreamingAsync([new UserChatMessage("Hello")], cancellationToken: leave).GetAsyncEnumerator(leave);

    private async Task<List<StreamingChatCompletionUpdate>> ReadAsync(string model)
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in sdk.NewClient().GetChatClient(model).CompleteChatStreamingAsync("Hello"))
        {
            updates.Add(update);
        }
        return updates;
    }
}

using System.Net;
using System.Text.Json;
using Gateway.Sandbox;

namespace Gateway.Tests.Sandbox;

public sealed class SandboxLedgerTests
{
    [Fact]
    public async Task Plain_call_is_booked_with_the_usage_that_it_told()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        using var client = sandbox.CreateClient();
        var answer = await (await client.PostChatAsync("sandbox-chat", text: "twelve bytes")).ReadJsonAsync();
        var call = Assert.Single(sandbox.Ledger.Calls());
        Assert.Equal(SandboxOutcome.Complete, call.Outcome);
        Assert.Equal(answer["id"]!.GetValue<string>(), call.RequestId);
        Assert.Equal(new SandboxUsage(7, 8), call.Usage); // 4 for the message + 12 bytes / 4; eight words
        Assert.Equal((7, 8, 15), UsageOf(answer["usage"]!));
        Assert.True(call.UsageReported);
    }

    [Fact]
    public async Task Prompt_tokens_never_exceed_the_bytes_of_the_body()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        using var client = sandbox.CreateClient();
        string[] bodies =
        [
            """{"model":"sandbox-chat","messages":[{},{},{},{}]}""",
            """{"model":"sandbox-chat","messages":[{"role":"user","content":[{"type":"image_url"},{"type":"x"},{"text":"a"},{"text":"b"}]}]}""",
            """{"model":"sandbox-chat","messages":[{"content":"\u0041\u00e9\ud83d\ude80"}],"tools":[{}]}""",
        ];
        foreach (var body in bodies)
        {
            using var answer = await client.PostAsync(SandboxCalls.Chat, SandboxCalls.Json(body));
            Assert.InRange((await answer.ReadJsonAsync())["usage"]!["prompt_tokens"]!.GetValue<int>(), 1, body.Length);
        }
    }

    [Theory]
    [InlineData("sandbox-cached")]
    [InlineData("sandbox-cachewrite-split")]
    [InlineData("sandbox-reasoning")]
    [InlineData("sandbox-reasoning-250")]
    [InlineData("sandbox-audio")]
    [InlineData("sandbox-image-in")]
    [InlineData("sandbox-usage-1000-500")]
    [InlineData("sandbox-tools")]
    [InlineData("sandbox-chunks-1000")]
    public async Task Stream_tells_the_usage_of_the_plain_answer_and_what_is_booked(string model)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        using var client = sandbox.CreateClient();
        const string More = ",\"n\":2,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
        var plain = await (await client.PostChatAsync(model, more: More, text: new string('x', 100))).ReadJsonAsync();
        var streamed = (
            await (
                await client.PostChatAsync(model, stream: true, usage: true, more: More, text: new string('x', 100))
            ).Content.ReadAsStringAsync()
        ).Events()[^1];
        Assert.Equal(UsageOf(plain["usage"]!), UsageOf(streamed["usage"]!));
        Assert.All(
            sandbox.Ledger.Calls(),
            call =>
                Assert.Equal(
                    UsageOf(plain["usage"]!),
                    (call.Usage.PromptTokens, call.Usage.CompletionTokens, call.Usage.PromptTokens + call.Usage.CompletionTokens)
                )
        );
        Assert.Equal(sandbox.Ledger.Calls()[0].Cost, sandbox.Ledger.Calls()[1].Cost);
        Assert.True(streamed["usage"]!["cost"]!.GetValue<double>() > 0);
    }

    [Theory]
    [InlineData(LiteLlmBehaviour.Current, 3)]
    [InlineData(LiteLlmBehaviour.Legacy, 200)]
    public async Task Caller_who_leaves_is_booked_with_what_left_and_1_81_runs_on(LiteLlmBehaviour behaviour, int completionTokens)
    {
        var time = new SteppedTime();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Behaviour = behaviour }, time);
        using var client = sandbox.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, SandboxCalls.Chat)
        {
            Content = SandboxCalls.Json(SandboxCalls.ChatBody("sandbox-trickle", stream: true)),
        };
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        for (var i = 0; i < 3; i++)
        {
            await time.StepAsync(TimeSpan.FromMilliseconds(50));
        }
        await time.WaitForTimerAsync();
        (await sent).Dispose();
        await sandbox.Ledger.WaitForIdleAsync().WaitAsync(SandboxCalls.Patience);
        var call = Assert.Single(sandbox.Ledger.Calls());
        Assert.Equal(SandboxOutcome.ClientLeft, call.Outcome);
        Assert.Equal(behaviour == LiteLlmBehaviour.Current ? 4 : 3, call.ChunksSent); // 1.81 sends the role with the first word
        Assert.Equal("w000 w001 w002 ".Length, call.ContentBytesSent);
        Assert.Equal(completionTokens, call.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Plain_call_runs_to_its_end_when_the_caller_leaves()
    {
        var time = new SteppedTime();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions(), time);
        using var client = sandbox.CreateClient();
        using var patience = new CancellationTokenSource();
        using var content = SandboxCalls.Json(SandboxCalls.ChatBody("sandbox-slow-first-byte-500"));
        var call = client.PostAsync(SandboxCalls.Chat, content, patience.Token);
        await time.WaitForTimerAsync();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(SandboxOutcome.Open, Assert.Single(sandbox.Ledger.Calls()).Outcome);
        await time.StepAsync(TimeSpan.FromMilliseconds(500));
        await sandbox.Ledger.WaitForIdleAsync().WaitAsync(SandboxCalls.Patience);
        Assert.Equal(8, Assert.Single(sandbox.Ledger.Calls()).Usage.CompletionTokens);
    }

    [Fact]
    public async Task Refused_calls_are_booked_without_usage()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        using var client = sandbox.CreateClient();
        (await client.PostChatAsync("sandbox-status-503")).Dispose();
        (await client.PostChatAsync("nope")).Dispose();
        Assert.All(
            sandbox.Ledger.Calls(),
            call => Assert.Equal((SandboxOutcome.Faulted, default(SandboxUsage)), (call.Outcome, call.Usage))
        );
        Assert.Equal([503, 400], sandbox.Ledger.Calls().Select(call => call.Status));
    }

    [Fact]
    public async Task Totals_are_exact_under_many_callers()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { KeepBodies = false });
        using var client = sandbox.CreateClient();
        await Parallel.ForAsync(
            0,
            400,
            async (i, ct) =>
            {
                using var answer = await client.PostAsync(
                    SandboxCalls.Chat,
                    SandboxCalls.Json(SandboxCalls.ChatBody(i % 2 == 0 ? "sandbox-chat" : "sandbox-chunks-20", stream: i % 4 < 2)),
                    ct
                );
                await answer.Content.ReadAsByteArrayAsync(ct);
            }
        );
        Assert.Equal(new SandboxTotals(400, 400 * 5, (200 * 8) + (200 * 20)), sandbox.Ledger.Totals());
        Assert.Equal(
            new SandboxTotals(200, 200 * 5, 200 * 20),
            sandbox.Ledger.Totals(new SandboxLedgerFilter { Model = "sandbox-chunks-20" })
        );
    }

    [Fact]
    public async Task Oldest_calls_go_first_and_are_counted()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { LedgerCapacity = 2, BodyCapacity = 1 });
        using var client = sandbox.CreateClient();
        for (var i = 0; i < 3; i++)
        {
            (await client.PostChatAsync("sandbox-chat")).Dispose();
        }
        Assert.Equal([2L, 3L], sandbox.Ledger.Calls().Select(call => call.Sequence));
        Assert.Equal([false, true], sandbox.Ledger.Calls().Select(call => call.Received is not null));
        Assert.Equal(1, sandbox.Ledger.Dropped);
    }

    [Fact]
    public async Task Ledger_over_http_tells_who_asked_for_what_but_no_key()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { AdditionalKeys = ["sk-second"] });
        using var first = sandbox.CreateClient();
        using var second = sandbox.CreateClient("sk-second");
        second.DefaultRequestHeaders.Add("x-litellm-call-id", "call-7");
        second.DefaultRequestHeaders.Add("Cookie", "session=secret");
        (await first.PostChatAsync("sandbox-chat")).Dispose();
        (await second.PostChatAsync("sandbox-chunks-20", stream: true)).Dispose();
        var text = await first.GetStringAsync("/sandbox/ledger");
        Assert.DoesNotContain("sk-second", text);
        Assert.DoesNotContain("secret", text);
        using var ledger = JsonDocument.Parse(text);
        var entry = ledger.RootElement.GetProperty("entries")[1];
        Assert.Equal("call-7", entry.GetProperty("call_id").GetString());
        Assert.Equal("complete", entry.GetProperty("outcome").GetString());
        Assert.Equal(20, entry.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(
            SandboxCalls.ChatBody("sandbox-chunks-20", stream: true),
            entry.GetProperty("received").GetProperty("body").GetString()
        );
        Assert.Equal(2, ledger.RootElement.GetProperty("totals").GetProperty("per_key").EnumerateObject().Count());
        Assert.Equal(
            8,
            ledger
                .RootElement.GetProperty("totals")
                .GetProperty("per_model")
                .GetProperty("sandbox-chat")
                .GetProperty("completion_tokens")
                .GetInt32()
        );
    }

    [Theory]
    [InlineData("?since=1", 1)]
    [InlineData("?model=sandbox-chat", 2)]
    [InlineData("?call_id=none", 0)]
    [InlineData("?since=2000-01-01T00:00:00Z", 2)]
    [InlineData("?entries=false", 0)]
    public async Task Ledger_over_http_is_filtered(string query, int entries)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        using var client = sandbox.CreateClient();
        (await client.PostChatAsync("sandbox-chat")).Dispose();
        (await client.PostChatAsync("sandbox-chat")).Dispose();
        using var ledger = JsonDocument.Parse(await client.GetStringAsync("/sandbox/ledger" + query));
        Assert.Equal(entries, ledger.RootElement.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Ledger_can_be_emptied_over_http()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        using var client = sandbox.CreateClient();
        (await client.PostChatAsync("sandbox-chat")).Dispose();
        using var emptied = await client.DeleteAsync("/sandbox/ledger");
        Assert.Equal(HttpStatusCode.NoContent, emptied.StatusCode);
        Assert.Equal(0, sandbox.Ledger.Count);
    }

    private static (int, int, int) UsageOf(System.Text.Json.Nodes.JsonNode usage) =>
        (usage["prompt_tokens"]!.GetValue<int>(), usage["completion_tokens"]!.GetValue<int>(), usage["total_tokens"]!.GetValue<int>());
}

using System.Net;
using System.Text.Json;
using Gateway.Sandbox;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>
/// Streams of upstreams that ignore the maximum: more is held while there is money, and when there is none the stream ends as at a maximum.
/// </summary>
public sealed class StreamMoneyTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private const long Enough = 10_000_000_000;
    private const long Small = 1_500_000;

    private HubHost Hub => shared.Hub;

    [Theory]
    [InlineData("sandbox-endless", false, 1)]
    [InlineData("sandbox-endless", true, 1)]
    [InlineData("sandbox-endless", true, 2)]
    [InlineData("sandbox-ignores-max-tokens", true, 1)]
    [InlineData("sandbox-ignores-max-tokens", false, 1)]
    public async Task A_stream_whose_money_is_used_up_ends_properly_and_is_charged_what_it_used(string model, bool usage, int choices)
    {
        var (_, client) = await BudgetedAsync(Small);
        var answer = await client.ChatAsync(
            InferenceCalls.Stream(
                model,
                $",\"max_tokens\":5,\"n\":{choices}" + (usage ? ",\"stream_options\":{\"include_usage\":true}" : "")
            )
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.IsCut()); // a maximum that was reached is a proper end
        var chunks = await ChunksAsync(answer);
        var withUsage = chunks.Where(c => c.TryGetProperty("usage", out var u) && u.ValueKind == JsonValueKind.Object).ToList();
        var last = chunks[usage ? ^2 : ^1];
        Assert.Equal(
            Enumerable.Repeat("length", choices),
            last.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("finish_reason").GetString())
        );
        Assert.Equal(chunks[0].GetProperty("id").GetString(), last.GetProperty("id").GetString());
        Assert.Equal("chat.completion.chunk", last.GetProperty("object").GetString());

        var record = await Hub.RecordAsync(answer);
        Assert.Equal(("budget_reached", "estimated", "completed"), (record.Outcome, record.UsageSource, record.Status));
        Assert.InRange(record.TotalCostNanoUsd, 1, record.HeldNanoUsd);
        Assert.InRange(record.HeldNanoUsd, 1, Small);
        if (usage)
        {
            Assert.Single(withUsage);
            Assert.Empty(chunks[^1].GetProperty("choices").EnumerateArray());
            Assert.Equal(
                (record.Usage.Input, record.Usage.Output),
                (
                    withUsage[0].GetProperty("usage").GetProperty("prompt_tokens").GetInt64(),
                    withUsage[0].GetProperty("usage").GetProperty("completion_tokens").GetInt64()
                )
            );
        }
        else
        {
            Assert.Empty(withUsage);
        }
        Assert.True(record.Usage.Output * 4 >= ContentBytes(chunks)); // at least what the client received
        var upstream = await UpstreamEndAsync(answer.RequestId());
        // 200 words may all be on their way by then
        Assert.True(upstream.Outcome == SandboxOutcome.ClientLeft || model == "sandbox-ignores-max-tokens");
        Assert.Equal(record.TotalCostNanoUsd, (await client.AtRestAsync()).Budgets.Single().Used);
    }

    [Fact]
    public async Task A_stream_of_text_completions_ends_in_its_own_shape()
    {
        var (_, client) = await BudgetedAsync(Small);
        var answer = await client.SendAsync(
            InferenceCalls.Post("/v1/completions", """{"model":"sandbox-endless","prompt":"Hi","max_tokens":5,"stream":true}""")
        );
        var chunks = await ChunksAsync(answer);
        var last = chunks[^1].GetProperty("choices")[0];
        Assert.Equal(
            ("text_completion", "length", ""),
            (
                chunks[^1].GetProperty("object").GetString(),
                last.GetProperty("finish_reason").GetString(),
                last.GetProperty("text").GetString()
            )
        );
    }

    [Fact]
    public async Task A_stream_above_its_maximum_goes_on_while_more_can_be_held()
    {
        var (_, client) = await BudgetedAsync(Enough);
        var answer = await client.ChatAsync(InferenceCalls.Stream("sandbox-ignores-max-tokens", ",\"max_tokens\":5"));
        var chunks = await ChunksAsync(answer);
        Assert.Equal("stop", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        var record = await Hub.RecordAsync(answer);
        Assert.Equal(("ok", "reported", 200L), (record.Outcome, record.UsageSource, record.Usage.Output));
        Assert.True(record.HeldNanoUsd > 200 * 11_000); // 5 tokens' worth at first
        Assert.Equal(record.TotalCostNanoUsd, (await client.AtRestAsync()).Budgets.Single().Used);
    }

    [Fact]
    public async Task A_stream_that_is_extended_leaves_less_to_others_while_it_runs()
    {
        var (_, client) = await BudgetedAsync(Enough);
        using (var answer = await client.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless", ",\"max_tokens\":5")))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            for (var lines = 0; lines < 400; lines++)
            {
                await reader.ReadLineAsync();
            }
            Assert.True((await client.LimitsAsync()).Budgets.Single().Held > 100 * 11_000);
        }
        await client.AtRestAsync();
    }

    [Fact]
    public async Task A_stream_without_any_budget_is_never_cut()
    {
        var caller = await Hub.AddCallerAsync();
        using var client = Hub.NewClient(caller.Text);
        var answer = await client.ChatAsync(InferenceCalls.Stream("sandbox-ignores-max-tokens", ",\"max_tokens\":5"));
        Assert.Equal("ok", (await Hub.RecordAsync(answer)).Outcome);
    }

    [Fact]
    public async Task A_plain_answer_above_its_bound_is_charged_at_the_bound_and_counted()
    {
        var before = (await MetricsText.ScrapeAsync(Hub)).Sum("oneui_bound_exceeded_total");
        var (_, client) = await BudgetedAsync(Small);
        var record = await Hub.RecordAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-usage-1000-500", ",\"max_tokens\":5")));
        Assert.Equal((record.HeldNanoUsd, "impossible", 500L), (record.TotalCostNanoUsd, record.UsageSource, record.Usage.Output));
        Assert.InRange(record.HeldNanoUsd, 1, 7_499_999);
        Assert.Equal(before + 1, (await MetricsText.ScrapeAsync(Hub)).Sum("oneui_bound_exceeded_total"));
        Assert.Equal(record.HeldNanoUsd, (await client.AtRestAsync()).Budgets.Single().Used);
    }

    [Fact]
    public async Task Under_learned_less_is_held_once_a_model_is_known_and_what_was_used_is_charged_all_the_same()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["HOLD_INPUT"] = "learned" });
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, Enough);
        using var client = hub.NewClient(caller.Text);
        var call = InferenceCalls.Chat("sandbox-chat", ",\"max_tokens\":8");
        var strict = await hub.RecordAsync(await client.ChatAsync(call));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(call)).StatusCode);
        }
        var learned = await hub.RecordAsync(await client.ChatAsync(call));
        Assert.InRange(learned.HeldNanoUsd, learned.TotalCostNanoUsd, strict.HeldNanoUsd - 1);

        // A picture has a bound of its own, whatever was learned of text; its bytes must not lower the hold.
        var picture =
            $$$"""{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{new string('A', 400_000)}}}"}}]}]}""";
        var record = await hub.RecordAsync(await client.ChatAsync(picture));
        Assert.InRange(record.HeldNanoUsd, Math.Max(record.TotalCostNanoUsd, 48_169 * 2_000), long.MaxValue);
        Assert.Equal(0, (await MetricsText.ScrapeAsync(hub)).Sum("oneui_bound_exceeded_total"));
    }

    [Fact]
    public async Task Under_learned_a_stream_whose_prompt_was_held_too_low_ends_when_nothing_is_left()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["HOLD_INPUT"] = "learned" });
        var teacher = await hub.AddCallerAsync();
        using var teaching = hub.NewClient(teacher.Text);
        for (var i = 0; i < 50; i++)
        {
            await teaching.ChatAsync(InferenceCalls.Stream("sandbox-usage-each", ",\"max_tokens\":8"));
        }
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 9_000_000);
        using var client = hub.NewClient(caller.Text);
        // 10,000 tokens of prompt for 20 mills, where short bodies have taught some 12 bytes a token: held is less than half of it.
        var answer = await client.ChatAsync(
            $$"""{"model":"sandbox-usage-each","stream":true,"max_tokens":8,"messages":[{"role":"user","content":"{{new string('a', 40_000)}}"}]}"""
        );
        Assert.Equal("length", (await ChunksAsync(answer))[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        var record = await hub.RecordAsync(answer);
        Assert.Equal(("budget_reached", "reported"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd > 20_000_000);
        Assert.Equal(record.TotalCostNanoUsd, (await client.AtRestAsync()).Budgets.Single().Used);
    }

    private async Task<(TestKey Caller, HttpClient Client)> BudgetedAsync(long nanoUsd)
    {
        var caller = await Hub.AddCallerAsync();
        await Hub.AddKeyBudgetAsync(caller, nanoUsd);
        return (caller, Hub.NewClient(caller.Text));
    }

    // The chunks of a stream that ends with [DONE], each valid JSON.
    private static async Task<List<JsonElement>> ChunksAsync(HttpResponseMessage answer)
    {
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(e => JsonDocument.Parse(e["data: ".Length..]).RootElement)];
    }

    private static long ContentBytes(IEnumerable<JsonElement> chunks) =>
        chunks
            .SelectMany(c => c.GetProperty("choices").EnumerateArray())
            .Sum(c =>
                c.TryGetProperty("delta", out var delta) && delta.TryGetProperty("content", out var text)
                    ? System.Text.Encoding.UTF8.GetByteCount(text.GetString() ?? "")
                    : 0
            );

    private Task<SandboxCall> UpstreamEndAsync(string requestId) =>
        Eventually.NotNullAsync(() => Task.FromResult(Hub.Sandbox!.Ledger.Find(requestId) is { EndedAt: not null } call ? call : null));
}

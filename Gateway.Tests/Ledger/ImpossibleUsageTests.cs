using System.Net;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Telemetry;
using Gateway.Tests.Support;

namespace Gateway.Tests.Ledger;

/// <summary>An upstream that reports a usage that cannot be takes no more from anybody than the call's bound, and stops nothing.</summary>
public sealed class ImpossibleUsageTests : IAsyncLifetime
{
    private const long Cap = 1_000_000_000;

    private FakeUpstream _upstream = null!;
    private HubHost _hub = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeUpstream.StartAsync();
        _hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = _upstream.Address.ToString() });
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    public static TheoryData<string> Impossible =>
        new(
            """{"prompt_tokens":10,"completion_tokens":9223372036854775807}""",
            """{"prompt_tokens":10,"completion_tokens":9223372036854775808}""",
            """{"prompt_tokens":10,"completion_tokens":1e400}""",
            """{"prompt_tokens":10,"completion_tokens":-1e400}""",
            """{"prompt_tokens":10,"completion_tokens":"1e400"}""",
            """{"prompt_tokens":99999999999999999999999,"completion_tokens":1}""",
            """{"prompt_tokens":10,"completion_tokens":-7}""",
            """{"prompt_tokens":10,"completion_tokens":2.5}""",
            """{"prompt_tokens":10,"completion_tokens":10000001}""",
            """{"prompt_tokens":10000001,"completion_tokens":1}""",
            """{"prompt_tokens":10,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":1e30}}""",
            """{"prompt_tokens":10,"completion_tokens":3,"server_tool_use":{"web_search_requests":100001}}""",
            """{"total_tokens":9223372036854775807,"completion_tokens":3}""",
            """{"prompt_tokens":10,"completion_tokens":100000}"""
        );

    [Theory, MemberData(nameof(Impossible))]
    public async Task A_usage_that_cannot_be_is_charged_at_the_hold(string usage)
    {
        Answers(usage);
        var caller = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(caller, Cap);
        using var client = _hub.NewClient(caller.Text);
        var answer = await client.ChatAsync(InferenceCalls.Chat("fake", ",\"max_tokens\":50"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var record = await _hub.RecordAsync(answer);
        Assert.Equal((UsageSources.Impossible, record.HeldNanoUsd), (record.UsageSource, record.TotalCostNanoUsd));
        Assert.InRange(record.TotalCostNanoUsd, 50 * 11_000, 2_000_000);
        Assert.Equal(record.TotalCostNanoUsd, (await client.AtRestAsync()).Budgets.Single().Used);
        Assert.Equal(0, (await _hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
    }

    [Fact]
    public async Task Without_a_budget_it_is_charged_at_the_same_bound()
    {
        Answers("""{"prompt_tokens":10,"completion_tokens":9223372036854775808}""");
        var (budgeted, free) = (await _hub.AddCallerAsync(), await _hub.AddCallerAsync());
        await _hub.AddKeyBudgetAsync(budgeted, Cap);
        using var first = _hub.NewClient(budgeted.Text);
        using var second = _hub.NewClient(free.Text);
        var held = await _hub.RecordAsync(await first.ChatAsync(InferenceCalls.Chat("fake", ",\"max_tokens\":50")));
        var computed = await _hub.RecordAsync(await second.ChatAsync(InferenceCalls.Chat("fake", ",\"max_tokens\":50")));
        Assert.Equal(
            (held.TotalCostNanoUsd, 0L, UsageSources.Impossible),
            (computed.TotalCostNanoUsd, computed.HeldNanoUsd, computed.UsageSource)
        );
    }

    [Fact]
    public async Task Without_any_bound_it_is_estimated()
    {
        Answers("""{"prompt_tokens":10,"completion_tokens":9223372036854775808}""");
        var record = await _hub.RecordAsync(await _hub.Client.ChatAsync(InferenceCalls.Chat("fake")));
        Assert.Equal(UsageSources.Impossible, record.UsageSource);
        Assert.InRange(record.TotalCostNanoUsd, 1, 1_000_000);
    }

    [Fact]
    public async Task A_stream_that_reports_what_cannot_be_is_passed_whole_and_charged_at_the_hold()
    {
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
            await FakeUpstream.EventAsync(http, """{"id":"a","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":99999999999}}""");
            await FakeUpstream.EventAsync(http, """{"id":"a","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
            await FakeUpstream.EventAsync(http, "[DONE]");
        };
        var caller = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(caller, Cap);
        using var client = _hub.NewClient(caller.Text);
        var answer = await client.ChatAsync(InferenceCalls.Stream("fake", ",\"max_tokens\":50"));
        Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("ok", UsageSources.Impossible, record.HeldNanoUsd), (record.Outcome, record.UsageSource, record.TotalCostNanoUsd));
        Assert.InRange(record.HeldNanoUsd, 50 * 11_000, 2_000_000);
    }

    [Fact]
    public async Task Many_in_flight_on_one_budget_never_let_the_next_call_pass_above_it()
    {
        Answers("""{"prompt_tokens":10,"completion_tokens":9223372036854775807}""");
        var caller = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(caller, 5_000_000);
        using var client = _hub.NewClient(caller.Text);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => client.ChatAsync(InferenceCalls.Chat("fake", ",\"max_tokens\":50")))
        );
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.InRange((await client.AtRestAsync()).Budgets.Single().Used, 1, 5_000_000);
    }

    [Fact]
    public async Task It_is_counted_by_model_and_reason()
    {
        Answers("""{"prompt_tokens":10,"completion_tokens":1e400}""");
        await _hub.RecordAsync(await _hub.Client.ChatAsync(InferenceCalls.Chat("fake")));
        Answers("""{"prompt_tokens":10,"completion_tokens":20000000}""");
        await _hub.RecordAsync(await _hub.Client.ChatAsync(InferenceCalls.Chat("fake")));
        var scrape = await MetricsText.ScrapeAsync(_hub);
        Assert.Equal(
            [ImpossibleReasons.AboveModel, ImpossibleReasons.NoCount],
            scrape
                .Samples.Where(s => s.Name == "oneui_impossible_usage_total" && s.Labels["model"] == "fake")
                .Select(s => s.Labels["reason"])
                .Order()
        );
    }

    [Fact]
    public async Task A_usage_up_to_the_limit_is_a_report()
    {
        Answers("""{"prompt_tokens":10,"completion_tokens":10000000}""");
        var record = await _hub.RecordAsync(await _hub.Client.ChatAsync(InferenceCalls.Chat("fake")));
        Assert.Equal((UsageSources.Reported, 10_000_000L), (record.UsageSource, record.Usage.Output));
    }

    private void Answers(string usage) =>
        _upstream.Answer = http =>
            FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer.Replace(FakeUpstream.Usage, usage, StringComparison.Ordinal));
}

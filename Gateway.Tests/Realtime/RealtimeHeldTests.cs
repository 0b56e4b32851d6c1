using System.Net.WebSockets;
using Gateway.Core.Ledger;
using Gateway.Realtime;
using Gateway.Tests.Limits.Bound;
using Gateway.Tests.Support;

namespace Gateway.Tests.Realtime;

/// <summary>Sessions on a budget or a balance: each response is held before it is asked for, and none begins by itself.</summary>
public sealed class RealtimeHeldTests
{
    // gpt-realtime: 32,000 tokens of sound in, 4,096 out.
    private const long Bound = (32_000 * 32_000L) + (4_096 * 64_000L);

    // Ten tokens of text in, eight out.
    private const long Hello = 168_000;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_response_is_held_before_it_is_asked_for_and_settled_exactly(bool isPrepaid)
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, 10 * Bound, isPrepaid);
        using var http = hub.Hub.NewClient(caller.Text);
        using var client = await hub.OpenAsync(caller.Text);
        await client.SayAsync("wait");
        await client.SendAsync("""{"type":"response.create"}""");
        await client.UntilAsync("response.created");
        var limits = await http.LimitsAsync();
        Assert.Equal(Bound, isPrepaid ? limits.Balance!.Held : Assert.Single(limits.Budgets).Held);
        await client.SendAsync("""{"type":"response.cancel"}""");
        await client.UntilAsync("response.done");
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal((Bound, Hello, isPrepaid), (part.HeldNanoUsd, part.TotalCostNanoUsd, part.IsPrepaid));
        await client.CloseAsync();
        await http.AtRestAsync();
    }

    [Fact]
    public async Task Money_that_is_used_up_ends_the_session_before_the_next_response()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, Bound + Hello - 1);
        using var client = await hub.OpenAsync(caller.Text);
        await client.AskAsync("Hello");
        await client.SayAsync("And again");
        await client.SendAsync("""{"type":"response.create"}""");
        var error = await client.EndAsync();
        Assert.Equal("insufficient_quota", error?.GetProperty("code").GetString());
        Assert.Equal("api_key", error?.GetProperty("gateway").GetProperty("scope").GetString());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.CloseStatus);
        Assert.Single(client.Types, "response.created");
        Assert.Single(await hub.PartsAsync(client, 1));
    }

    [Fact]
    public async Task Many_sessions_at_once_do_not_overspend()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, (3 * Bound) + 1);
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => hub.OpenAsync(caller.Text)));
        var begun = await Task.WhenAll(clients.Select(BeginsAsync));
        Assert.Equal(3, begun.Count(b => b));
        using var http = hub.Hub.NewClient(caller.Text);
        Assert.Equal(3 * Bound, Assert.Single((await http.LimitsAsync()).Budgets).Held);
        foreach (var client in clients)
        {
            client.Leave();
            client.Dispose();
        }
        await http.AtRestAsync();
        Assert.InRange(Assert.Single((await http.LimitsAsync()).Budgets).Used, 1, 3 * Bound);
        var audit = hub.Hub.Services.GetRequiredService<LedgerAudit>();
        await Eventually.TrueAsync(async () => (await audit.CheckAsync(default)).DifferenceCount == 0, "the ledger is right");

        static async Task<bool> BeginsAsync(RealtimeClient client)
        {
            await client.SayAsync("wait");
            await client.SendAsync("""{"type":"response.create"}""");
            try
            {
                await client.UntilAsync("response.created");
                return true;
            }
            catch (InvalidOperationException)
            {
                return false; // it ended
            }
        }
    }

    [Fact]
    public async Task A_pause_is_answered_without_a_budget_and_not_with_one()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using (var free = await hub.OpenAsync())
        {
            await free.SendAsync(PauseIs);
            await free.UntilAsync("response.done");
        }
        var caller = await CallerAsync(hub, 10 * Bound);
        using var client = await hub.OpenAsync(caller.Text);
        await client.SendAsync(PauseIs);
        await client.AskAsync("Hello");
        Assert.Single(client.Types, "response.created");
        Assert.DoesNotContain("session.updated", client.Types);
    }

    [Fact]
    public async Task Turns_are_detected_where_they_begin_no_response()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, 10 * Bound);
        using var client = await hub.OpenAsync(caller.Text);
        await client.SendAsync(Update("""{"audio":{"input":{"turn_detection":{"type":"server_vad","create_response":false}}}}"""));
        await client.UntilAsync("session.updated");
        await client.SendAsync(PauseIs);
        await client.UntilAsync("input_audio_buffer.committed");
        await client.AskAsync("Hello");
        Assert.Single(client.Types, "response.created");
    }

    [Theory]
    [InlineData("""{"audio":{"input":{"turn_detection":{"type":"server_vad"}}}}""", "unbounded_request")]
    [InlineData("""{"turn_detection":{"type":"semantic_vad","create_response":true}}""", "unbounded_request")]
    [InlineData(
        """{"audio":{"input":{"turn_detection":{"type":"server_vad","create_response":false,"idle_timeout_ms":6000}}}}""",
        "unbounded_request"
    )]
    [InlineData("""{"audio":{"input":{"transcription":{"model":"whisper-1"}}}}""", "unbounded_request")]
    [InlineData("""{"input_audio_transcription":{"model":"whisper-1"}}""", "unbounded_request")]
    [InlineData("""{"tools":[{"type":"mcp","server_label":"a"}]}""", "hosted_tool_not_allowed")]
    [InlineData("""{"prompt":{"id":"pmpt_1"}}""", "unbounded_request")]
    [InlineData("""{"unheard_of":1}""", "unbounded_request")]
    public async Task What_leads_to_costs_that_are_not_held_is_refused_and_the_session_goes_on(string session, string code)
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, 10 * Bound);
        using var client = await hub.OpenAsync(caller.Text);
        await client.SendAsync(Update(session));
        Assert.Equal(code, (await client.UntilAsync("error")).GetProperty("error").GetProperty("code").GetString());
        await client.AskAsync("Hello");
        Assert.DoesNotContain("session.updated", client.Types);
    }

    [Theory]
    [InlineData("""{"type":"transcription_session.update","session":{}}""")]
    [InlineData("""{"type":"response.create","response":{"prompt":{"id":"pmpt_1"}}}""")]
    [InlineData("""{"type":"unheard_of"}""")]
    public async Task So_are_events_without_a_rule(string message)
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, 10 * Bound);
        using var client = await hub.OpenAsync(caller.Text);
        await client.SendAsync(message);
        Assert.Equal("unbounded_request", (await client.UntilAsync("error")).GetProperty("error").GetProperty("code").GetString());
        await client.AskAsync("Hello");
    }

    [Theory, InlineData("""{"type":"response.create"}"""), InlineData("""{"event_id":"mine","type":"response.create"}""")]
    public async Task What_the_upstream_refuses_to_begin_is_free_and_gives_its_hold_back(string create)
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, Bound);
        using var client = await hub.OpenAsync(caller.Text);
        await client.SayAsync("error");
        await client.SendAsync(create);
        await client.UntilAsync("error");
        await client.SayAsync("Hello");
        await client.SendAsync(create);
        await client.UntilAsync("response.done");
        Assert.Equal(
            [("upstream_error", 0L), ("ok", Hello + (10 * 4_000))],
            (await hub.PartsAsync(client, 2)).Select(p => (p.Outcome, p.TotalCostNanoUsd))
        );
    }

    [Fact]
    public async Task A_response_that_nobody_asked_for_ends_the_session()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await CallerAsync(hub, 10 * Bound);
        using var client = await hub.OpenAsync(caller.Text);
        await client.SayAsync("unasked");
        Assert.Equal("upstream_invalid_response", (await client.EndAsync())?.GetProperty("code").GetString());
        Assert.Single(await hub.PartsAsync(client, 1));
    }

    [Fact]
    public void A_model_whose_longest_prompt_or_answer_or_price_is_not_known_has_no_bound()
    {
        var model = Bounds.Model;
        Assert.Null(RealtimeBound.OfSession(model).Refusal);
        Assert.Equal((Bounds.Window * 1) + (Bounds.LongestAnswer * 4), RealtimeBound.OfResponse(model).Cost.NanoUsd);
        Assert.Equal("unbounded_request", RealtimeBound.OfSession(model with { MaxInputTokens = null }).Refusal?.Code);
        Assert.Equal("unbounded_request", RealtimeBound.OfSession(model with { MaxOutputTokens = null }).Refusal?.Code);
        Assert.Equal("price_unknown", RealtimeBound.OfSession(Bounds.Priced("{}")).Refusal?.Code);
        Assert.Equal(
            "unbounded_request",
            RealtimeBound.OfSession(Bounds.Priced("""{"input":1,"output":1,"input_second":5}""")).Refusal?.Code
        );
    }

    private const string PauseIs = "{\"type\":\"input_audio_buffer.append\",\"audio\":\"UEFVU0U=\"}";

    private static string Update(string session) => $$"""{"type":"session.update","session":{{session}}}""";

    private static async Task<TestKey> CallerAsync(RealtimeHub hub, long nanoUsd, bool isPrepaid = false)
    {
        var caller = await hub.Hub.AddCallerAsync(u => u.BillingMode = isPrepaid ? "prepaid" : null);
        if (isPrepaid)
        {
            await hub.Hub.DepositAsync(caller, nanoUsd);
        }
        else
        {
            await hub.Hub.AddKeyBudgetAsync(caller, nanoUsd);
        }
        return caller;
    }
}

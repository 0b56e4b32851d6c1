using System.Net;
using Gateway.Sandbox;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>An upstream that writes more than the maximum it was given.</summary>
public sealed class StreamHoldTests
{
    private const long OutputNanoUsd = 11_000;

    [Fact]
    public async Task A_stream_past_its_maximum_ends_properly_when_the_money_is_used_up()
    {
        await using var hub = await HubHost.StartAsync();
        var cap = await HoldAsync(hub) + (40 * OutputNanoUsd);
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, cap);
        using var client = hub.NewClient(caller.Text);
        using var answer = await client.ChatAsync(InferenceCalls.Stream("sandbox-endless", ",\"max_tokens\":5"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"finish_reason\":\"length\"", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        var record = await hub.RecordAsync(answer);
        Assert.Equal("budget_reached", record.Outcome);
        Assert.InRange(record.TotalCostNanoUsd, 1, cap);
        Assert.True(record.HeldNanoUsd > cap - (40 * OutputNanoUsd), "nothing more was held");
        await Eventually.TrueAsync(
            () => Task.FromResult(hub.Sandbox!.Ledger.Find(record.Id)?.Outcome == SandboxOutcome.ClientLeft),
            "the upstream is cancelled"
        );
    }

    [Fact]
    public async Task A_stream_past_its_maximum_goes_on_while_there_is_money()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000_000);
        using var client = hub.NewClient(caller.Text);
        using var answer = await client.ChatAsync(InferenceCalls.Stream("sandbox-ignores-max-tokens", ",\"max_tokens\":5"));
        await answer.Content.ReadAsStringAsync();
        var record = await hub.RecordAsync(answer);
        Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd <= record.HeldNanoUsd);
    }

    // What one such call holds at first: the hold of a call that answers within its maximum.
    private static async Task<long> HoldAsync(HubHost hub)
    {
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000_000);
        using var client = hub.NewClient(caller.Text);
        return (await hub.RecordAsync(await client.ChatAsync(InferenceCalls.Stream("sandbox-chat", ",\"max_tokens\":5")))).HeldNanoUsd;
    }
}

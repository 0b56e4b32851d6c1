using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>
/// Which maximum goes upstream: the client's as it is, one put in where money has to be bounded, a lower one where it is short.
/// </summary>
public sealed class ClampTests(ClampTests.Fixture fixture) : IClassFixture<ClampTests.Fixture>
{
    private const long Enough = 10_000_000_000;

    [Fact]
    public async Task A_call_without_a_maximum_gets_the_models_when_there_is_money()
    {
        var (_, client) = await BudgetedAsync(fixture.Clamps, Enough);
        var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(16_384, Upstream(fixture.Clamps, answer).GetProperty("max_tokens").GetInt64());
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task A_call_without_a_maximum_gets_the_one_that_the_money_covers(int choices)
    {
        var (_, client) = await BudgetedAsync(fixture.Clamps, 5_000_000);
        var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chunks-1000", $",\"n\":{choices}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var maximum = Upstream(fixture.Clamps, answer).GetProperty("max_tokens").GetInt64();
        var record = await fixture.Clamps.RecordAsync(answer);
        Assert.Equal(maximum * choices, record.Usage.Output); // the answer was longer and was cut
        Assert.InRange(record.HeldNanoUsd, 5_000_000 - (choices * 11_000) + 1, 5_000_000); // not one token less than the money covers
        Assert.InRange(record.TotalCostNanoUsd, 1, record.HeldNanoUsd);
        Assert.Equal("length", (await answer.JsonAsync()).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(record.TotalCostNanoUsd, (await client.AtRestAsync()).Budgets.Single().Used);
    }

    [Fact]
    public async Task The_tightest_of_all_budgets_decides_the_maximum()
    {
        var (caller, client) = await BudgetedAsync(fixture.Clamps, Enough);
        await fixture.Clamps.AddBudgetAsync(caller, 3_000_000, b => b.UserId = caller.UserId);
        var record = await fixture.Clamps.RecordAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-chat")));
        Assert.InRange(record.HeldNanoUsd, 3_000_000 - 10_999, 3_000_000);
    }

    [Fact]
    public async Task Money_for_less_than_one_token_is_refused()
    {
        var (_, client) = await BudgetedAsync(fixture.Clamps, 100_000);
        await LimitError.MoneyAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-chat")));
    }

    [Fact]
    public async Task Without_the_option_a_call_that_is_short_is_refused()
    {
        var (_, client) = await BudgetedAsync(fixture.Refuses, 5_000_000);
        var before = fixture.Refuses.Sandbox!.Ledger.Totals().Calls;
        await LimitError.MoneyAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-chat")));
        Assert.Equal(before, fixture.Refuses.Sandbox.Ledger.Totals().Calls);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat", ",\"max_tokens\":10"))).StatusCode);
    }

    [Theory, InlineData("max_tokens"), InlineData("max_completion_tokens")]
    public async Task A_maximum_that_the_client_set_is_never_changed(string member)
    {
        var (_, client) = await BudgetedAsync(fixture.Clamps, 5_000_000);
        await LimitError.MoneyAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-chat", $",\"{member}\":16000")));
        var body = InferenceCalls.Chat("sandbox-chat", $",\"{member}\":17");
        var answer = await client.ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Sha256(body), fixture.Clamps.Sandbox!.Ledger.Find(answer.RequestId())!.Received!.BodySha256);
    }

    [Fact]
    public async Task Without_a_budget_nothing_is_put_in()
    {
        var caller = await fixture.Clamps.AddCallerAsync();
        using var client = fixture.Clamps.NewClient(caller.Text);
        var body = InferenceCalls.Chat("sandbox-chat");
        var answer = await client.ChatAsync(body);
        Assert.Equal(Sha256(body), fixture.Clamps.Sandbox!.Ledger.Find(answer.RequestId())!.Received!.BodySha256);
    }

    private static async Task<(TestKey Caller, HttpClient Client)> BudgetedAsync(HubHost hub, long nanoUsd)
    {
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, nanoUsd);
        return (caller, hub.NewClient(caller.Text));
    }

    private static JsonElement Upstream(HubHost hub, HttpResponseMessage answer) =>
        JsonDocument.Parse(hub.Sandbox!.Ledger.Find(answer.RequestId())!.Received!.Body).RootElement;

    private static string Sha256(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Clamps { get; private set; } = null!;

        public HubHost Refuses { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Clamps = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["CLAMP_OUTPUT"] = "true" });
            Refuses = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["CLAMP_OUTPUT"] = "false" });
        }

        public async Task DisposeAsync()
        {
            await Clamps.DisposeAsync();
            await Refuses.DisposeAsync();
        }
    }
}

using Gateway.Apis;
using Gateway.Tests.Limits.Bound;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Moderations;

/// <summary>OpenAI's moderations over HTTP, with the sandbox upstream.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class ModerationsTests(SharedHub shared)
{
    private readonly HubHost _hub = shared.Hub;

    [Theory, InlineData("/v1/moderations"), InlineData("/moderations")]
    public async Task Verdicts_come_and_cost_what_the_model_does(string path)
    {
        var answer = await _hub.Client.SendAsync(
            InferenceCalls.Post(path, """{"model":"omni-moderation-latest","input":["a bad word","a good one"]}""")
        );
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal(2, (await answer.JsonAsync()).GetProperty("results").GetArrayLength());
        Assert.Equal(("amoderation", "ok", 0L), (record.CallType, record.Outcome, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task Model_may_be_left_out_as_SDKs_do()
    {
        var answer = await _hub.Client.SendAsync(InferenceCalls.Post("/v1/moderations", """{"input":"a"}"""));
        Assert.Equal("omni-moderation-latest", (await _hub.RecordAsync(answer.RequestId())).ModelName);
        var sent = _hub.Sandbox!.Ledger.Calls(new() { CallId = answer.RequestId() }).Single().Received!.Body!;
        Assert.Equal("""{"input":"a","model":"omni-moderation-latest"}""", sent);
    }

    [Fact]
    public async Task Priced_model_is_charged_by_an_estimate_of_what_was_read()
    {
        const string Body = """{"model":"gpt-4o-mini","input":"twelve bytes"}""";
        var record = await _hub.RecordAsync((await _hub.Client.SendAsync(InferenceCalls.Post("/v1/moderations", Body))).RequestId());
        Assert.Equal(("estimated", (Body.Length + 3L) / 4, 0L), (record.UsageSource, record.Usage.Input, record.Usage.Output));
    }

    [Fact]
    public void Parts_are_bounded_as_those_of_a_message()
    {
        var one = Of("""[{"type":"text","text":"a"}]""");
        var two = Of($$$"""[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"{{{Bounds.Png}}}"}}]""");
        Assert.Null(one.Refusal);
        Assert.True(two.InputTokens >= one.InputTokens + 1_000);
        Assert.Equal(0, two.OutputTokens);
        Assert.True(Of("""[{"type":"video","video":"x"}]""").HasUnboundedParts);
    }

    private static Gateway.Limits.Bound.CallBound Of(string input) =>
        Bounds.Of($$"""{"model":"m","input":{{input}}}""", api: ApiTable.Moderations);
}

using Gateway.Apis;
using Gateway.Core.Policy;
using Gateway.Tests.Limits.Bound;
using Gateway.Tests.Support;

namespace Gateway.Tests.Apis.Rerank;

/// <summary>Reranks over HTTP, with the sandbox upstream.</summary>
[Collection(SharedHubCollection.Name)]
public sealed class RerankTests(SharedHub shared)
{
    private static readonly PolicyModel ByUnit = Bounds.Priced("""{"query":2000000000}""") with { MaxInputTokens = 4_096 };

    private readonly HubHost _hub = shared.Hub;

    [Theory, InlineData("/v1/rerank", 3, 1), InlineData("/rerank", 100, 1), InlineData("/v2/rerank", 101, 2)]
    public async Task Search_units_are_charged_exactly(string path, int documents, int units)
    {
        var answer = await _hub.Client.SendAsync(InferenceCalls.Post(path, Body("rerank-v3.5", documents)));
        var record = await _hub.RecordAsync(answer.RequestId());
        Assert.Equal(documents, (await answer.JsonAsync()).GetProperty("results").GetArrayLength());
        Assert.Equal(("arerank", "ok", "reported"), (record.CallType, record.Outcome, record.UsageSource));
        Assert.Equal((units, units * 2_000_000L), (record.Usage.Items.SearchUnits, record.TotalCostNanoUsd));
        Assert.Equal(record.TotalCostNanoUsd, record.UpstreamCostNanoUsd);
    }

    [Fact]
    public async Task Budget_holds_the_units_and_is_charged_with_them_once()
    {
        var key = await _hub.AddCallerAsync();
        await _hub.AddKeyBudgetAsync(key, 5_000_000);
        using var client = _hub.NewClient(key.Text);
        for (var call = 0; call < 2; call++)
        {
            var answer = await client.SendAsync(InferenceCalls.Post("/v1/rerank", Body("rerank-v3.5", 3)));
            Assert.Equal((200, 2_000_000L), ((int)answer.StatusCode, (await _hub.RecordAsync(answer.RequestId())).HeldNanoUsd));
        }
        var third = await client.SendAsync(InferenceCalls.Post("/v1/rerank", Body("rerank-v3.5", 3)));
        await third.AssertRefusedAsync(429, "insufficient_quota", "insufficient_quota");
    }

    [Fact]
    public void Units_are_bounded_by_documents_and_the_chunks_of_long_ones()
    {
        Assert.Equal(2_000_000, Bounds.Of(Body("m", 100), ByUnit, ApiTable.Rerank).Cost.NanoUsd);
        var long1 = $$"""{"model":"m","query":"q","documents":["{{new string('a', (244 * 100) + 1)}}"]}""";
        Assert.Equal(4_000_000, Bounds.Of(long1, ByUnit, ApiTable.Rerank).Cost.NanoUsd);
    }

    [Fact]
    public void Query_is_held_with_each_document_where_tokens_are_priced()
    {
        var query = new string('q', 1_000);
        var bound = Bounds.Of($$"""{"model":"m","query":"{{query}}","documents":["a","b","c"]}""", api: ApiTable.Rerank);
        Assert.True(bound.InputTokens >= 3_000);
        Assert.Equal(bound.InputTokens, bound.Cost.NanoUsd);
    }

    private static string Body(string model, int documents) =>
        $$"""{"model":"{{model}}","query":"q","top_n":2,"documents":[{{string.Join(',', Enumerable.Repeat("\"a\"", documents))}}]}""";
}

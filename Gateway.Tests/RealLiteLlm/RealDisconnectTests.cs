using Gateway.Core.Storage.Entities;
using Gateway.Limits;
using Gateway.Tests.Support;

namespace Gateway.Tests.RealLiteLlm;

[Collection(RealLiteLlmTests.Name)]
public sealed class RealDisconnectTests(RealHub real)
{
    [RealLiteLlmTheory]
    [InlineData("trickle")]
    [InlineData("claude-trickle")]
    public async Task Who_leaves_a_stream_pays_for_what_came(string model)
    {
        using var request = Chat(model, stream: true);
        using var answer = await real.Hub.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using (var body = await answer.Content.ReadAsStreamAsync())
        {
            Assert.True(await body.ReadAsync(new byte[1_024]) > 0);
        }
        answer.Dispose();
        var record = await real.Hub.RecordAsync(answer.Headers.GetValues("x-oneui-request-id").Single());
        Assert.Equal(("client_left", "estimated", true), (record.Outcome, record.UsageSource, record.IsStream));
        Assert.True(record.TotalCostNanoUsd > 0);
        Assert.True(record.Usage.Output < 100, $"{record.Usage.Output} tokens: the stream was read to its end.");
    }

    [RealLiteLlmFact]
    public async Task Who_leaves_a_plain_call_pays_what_LiteLlm_is_charged_for_it()
    {
        using var leave = new CancellationTokenSource();
        using var request = Chat("slow", stream: false);
        var pending = real.Hub.Client.SendAsync(request, leave.Token);
        var open = real.Hub.Services.GetRequiredService<OpenReservations>();
        await Eventually.TrueAsync(
            () => Task.FromResult(open.Read().Any(r => r.Call.Model.Name == "slow" && r.Call.Attempts > 0)),
            "the call is upstream"
        );
        await leave.CancelAsync(); // the provider is silent for 2 s
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        var record = await Eventually.NotNullAsync<UsageRecord>(async () =>
        {
            await using var db = await real.Hub.Databases.CreateDbContextAsync();
            return db.UsageRecords.SingleOrDefault(r => r.ModelName == "slow");
        });
        Assert.Equal(("client_left", "reported", 150_000), (record.Outcome, record.UsageSource, record.TotalCostNanoUsd));
        Assert.Equal(record.TotalCostNanoUsd, record.UpstreamCostNanoUsd);
    }

    private static HttpRequestMessage Chat(string model, bool stream) =>
        new(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(
                new
                {
                    model,
                    stream,
                    messages = new[] { new { role = "user", content = "Hello" } },
                }
            ),
        };
}

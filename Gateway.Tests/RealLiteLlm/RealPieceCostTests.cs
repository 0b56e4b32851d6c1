using System.Text.Json.Nodes;
using Gateway.Tests.Apis.Pieces;
using Gateway.Tests.Support;

namespace Gateway.Tests.RealLiteLlm;

/// <summary>Our charge against LiteLLM's own figure, for the APIs that answer with things.</summary>
[Collection(RealLiteLlmTests.Name)]
public sealed class RealPieceCostTests(RealHub real)
{
    private const string Rerank = "/v1/rerank";
    private const string Images = "/v1/images/generations";
    private const string Speech = "/v1/audio/speech";
    private const string Transcriptions = "/v1/audio/transcriptions";

    [RealLiteLlmTheory]
    [InlineData(Rerank, "rerank", 4_000_000)]
    [InlineData("/v2/rerank", "rerank", 4_000_000)]
    [InlineData(Rerank, "rerank-custom", 8_000_000)]
    [InlineData(Images, "image-usage", 42_540_000)]
    [InlineData(Images, "image-custom-out", 100_000_000)]
    [InlineData(Transcriptions, "stt-tokens", 600_000)]
    public async Task Our_charge_is_what_LiteLlm_says_it_cost(string path, string model, long nanoUsd)
    {
        var record = await (await CallAsync(path, model)).RecordAsync();
        Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
        Assert.Equal((nanoUsd, (long?)nanoUsd), (record.TotalCostNanoUsd, record.UpstreamCostNanoUsd));
    }

    [RealLiteLlmTheory]
    [InlineData(Images, "image-custom", 100_000_000, 60_000_000L)] // it takes the price of pictures sent where both are set
    [InlineData(Transcriptions, "stt", 1_300_000, 1_250_000L)] // it takes `duration`; the provider bills the seconds of `usage`
    [InlineData(Transcriptions, "stt-custom", 3_900_000, 3_750_000L)]
    [InlineData(Speech, "tts", 165_000, 150_000L)] // it leaves out white space; the provider bills every character
    [InlineData(Speech, "tts-custom", 110_000, null)] // it does not know own prices of characters
    [InlineData(Images, "image-url", 0, null)] // nobody knows its price
    public async Task Where_the_charge_differs_it_is_known_why(string path, string model, long nanoUsd, long? theirs)
    {
        var record = await (await CallAsync(path, model)).RecordAsync();
        Assert.Equal(("ok", nanoUsd), (record.Outcome, record.TotalCostNanoUsd));
        Assert.Equal(theirs ?? 0, record.UpstreamCostNanoUsd ?? 0);
    }

    [RealLiteLlmFact]
    public async Task Moderation_is_free_on_both_sides()
    {
        var record = await (
            await real.CallAsync("/v1/moderations", new JsonObject { ["model"] = "moderation", ["input"] = "hi" })
        ).RecordAsync();
        Assert.Equal(("ok", 0L, null), (record.Outcome, record.TotalCostNanoUsd, record.UpstreamCostNanoUsd));
    }

    private async Task<RealAnswer> CallAsync(string path, string model)
    {
        if (path == Transcriptions)
        {
            using var form = PieceCalls.Form(model, "file", "a.wav", PieceCalls.Wav(100));
            var answer = await real.Hub.Client.PostAsync(path, form);
            return new RealAnswer(answer, await answer.Content.ReadAsStringAsync(), () => real.Hub.RecordAsync(answer));
        }
        return await real.CallAsync(
            path,
            path switch
            {
                Images => new JsonObject
                {
                    ["model"] = model,
                    ["prompt"] = "a cat",
                    ["n"] = model.StartsWith("image-custom", StringComparison.Ordinal) ? 2 : 1,
                },
                Speech => new JsonObject
                {
                    ["model"] = model,
                    ["input"] = "Hello world",
                    ["voice"] = "alloy",
                },
                _ => new JsonObject
                {
                    ["model"] = model,
                    ["query"] = "q",
                    ["documents"] = new JsonArray("a", "b"),
                },
            }
        );
    }
}

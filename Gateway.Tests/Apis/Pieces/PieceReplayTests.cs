using System.Text;
using System.Text.Json;
using Gateway.Core.Usage;
using Gateway.Tests.Replay;

namespace Gateway.Tests.Apis.Pieces;

/// <summary>Every recorded answer that is a thing once through the whole product, and through the meter cut at every byte.</summary>
public sealed class PieceReplayTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private static IEnumerable<RecordedExchange> Recorded => RecordedExchange.OfThings.Where(r => r.Status is not null && r.IsComplete);

    public static TheoryData<string> Answered => [.. Recorded.Where(r => r.Status == 200).Select(r => r.Name)];

    public static TheoryData<string> Failed => [.. Recorded.Where(r => r.Status != 200 && !IsRefusedHere(r.Name)).Select(r => r.Name)];

    public static TheoryData<string> Json => [.. Recorded.Where(r => r.Status == 200 && IsJson(r)).Select(r => r.Name)];

    [Theory, MemberData(nameof(Answered))]
    public async Task Answer_is_passed_on_and_charged_exactly(string name)
    {
        var recorded = RecordedExchange.Load(name);
        var client = await replay.CallAsync(Bytewise(recorded), recorded, recorded.CalledPath);
        var record = await replay.RecordAsync(client);
        Assert.Equal(recorded.Body, client.Body);
        Assert.Equal(("ok", CostOf(name)), (record.Outcome, record.TotalCostNanoUsd / 1_000_000_000m));
    }

    [Theory, MemberData(nameof(Failed))]
    public async Task Error_is_passed_on_in_OpenAIs_form_and_free(string name)
    {
        var recorded = RecordedExchange.Load(name);
        var client = await replay.CallAsync(ReplayAnswer.Of(recorded), recorded, recorded.CalledPath);
        using var document = JsonDocument.Parse(client.Body);
        var message = document.RootElement.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Equal(recorded.Status, client.Status);
        Assert.DoesNotContain("litellm", message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (await replay.RecordAsync(client)).TotalCostNanoUsd);
    }

    [Theory, MemberData(nameof(Json))]
    public void Meter_reads_the_same_wherever_the_answer_is_cut(string name)
    {
        var body = RecordedExchange.Load(name).Body;
        var whole = Meter(body, body.Length);
        for (var cut = 0; cut < body.Length; cut++)
        {
            Assert.Equal(whole, Meter(body, cut));
        }
    }

    [Theory, MemberData(nameof(Json))]
    public void Answer_that_ends_early_is_never_taken_for_a_whole_one(string name)
    {
        var body = RecordedExchange.Load(name).Body.AsSpan().TrimEnd("\n "u8).ToArray();
        for (var end = 0; end < body.Length; end++)
        {
            using var meter = new PlainMeter(UsageShape.Pieces);
            meter.Feed(body.AsSpan(0, end));
            Assert.False(meter.IsWhole);
            Assert.NotEqual(AnswerOutcome.Complete, meter.Close(0).Outcome);
        }
    }

    private static MeteredAnswer Meter(byte[] body, int cut)
    {
        using var meter = new PlainMeter(UsageShape.Pieces);
        meter.Feed(body.AsSpan(0, cut));
        meter.Feed(body.AsSpan(cut));
        return meter.Close(0);
    }

    // Each byte a piece of its own on the wire.
    private static ReplayAnswer Bytewise(RecordedExchange recorded) =>
        new(recorded.Status!.Value, recorded.Headers, [.. recorded.Body.Select(b => (ReadOnlyMemory<byte>)new[] { b })]);

    private static bool IsJson(RecordedExchange recorded) =>
        recorded.Header("content-type")!.StartsWith("application/json", StringComparison.Ordinal);

    // What the provider reports or the request says, times the price; where LiteLLM's own figure differs, RealPieceCostTests says why.
    private static decimal CostOf(string name) =>
        name switch
        {
            "rerank-plain" or "rerank-v2" => 0.004m,
            "rerank-custom" => 0.008m,
            "images-usage" => 0.04254m,
            "images-custom" or "images-custom-out" => 0.1m,
            "transcription-json" or "transcription-verbose" => 0.0013m,
            "transcription-custom" => 0.0039m,
            "transcription-text" => 0.00001m,
            "transcription-tokens" => 0.0006m,
            "speech-plain" => 0.000165m,
            "speech-custom" or "speech-custom-mi" => 0.00011m,
            _ => 0,
        };

    // The gateway refuses these itself, or puts a model in.
    private static bool IsRefusedHere(string name) =>
        name.EndsWith("-unknown-model", StringComparison.Ordinal) || name is "transcription-no-file" or "moderation-no-model";
}

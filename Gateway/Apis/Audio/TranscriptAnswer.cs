using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Apis.Audio;

/// <summary>
/// Texts of sound: JSON, plain text or subtitles, or a stream that ends with <c>transcript.text.done</c>. Its usage is tokens or seconds;
/// where it tells neither, the length of the file's container counts, else the longest that its bytes can be.
/// </summary>
internal sealed class TranscriptAnswer() : ChunkedAnswer("transcription")
{
    public override UsageShape Usage => UsageShape.Pieces;

    public override string Accepts => "*/*";

    public override bool BringsMedia => true;

    public override MeteredAnswer Complete(Call call, MeteredAnswer answer)
    {
        if (
            answer.Error is not null
            || answer.UsageSource == UsageSource.Reported
            || !(answer.HasContent || answer.UsageSource != UsageSource.None)
        )
        {
            return answer;
        }
        ref readonly var content = ref call.Body.Members.ContentRef;
        var usage = new TokenUsage
        {
            // 10 tokens a second and 4 bytes of text a token, where the model is priced by them.
            InputAudio = (content.AudioMilliseconds ?? content.Items.InputMilliseconds) / 100,
            Output = (answer.ContentBytes + 3) / 4,
            Items = new() { InputMilliseconds = content.AudioMilliseconds ?? content.Items.InputMilliseconds },
        };
        return answer with
        {
            Usage = BySecond(call) ? new TokenUsage { Items = usage.Items } : usage with { Items = default },
            UsageSource = UsageSource.Estimated,
            Outcome = answer.Outcome == AnswerOutcome.Failed ? AnswerOutcome.Complete : answer.Outcome,
        };
    }

    protected override void WriteNothing(Utf8JsonWriter choice) { }

    private static bool BySecond(Call call) => call.Model.Prices.DearestRate(PricedItem.InputSecond) is not null;
}

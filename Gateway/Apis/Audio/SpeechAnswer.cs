using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Apis.Audio;

/// <summary>
/// Sound, or a stream of events that ends with <c>speech.audio.done</c> and its usage. A model that is priced by the character is charged
/// with those of the text as soon as sound comes: the provider has read all of them.
/// </summary>
internal sealed class SpeechAnswer() : ChunkedAnswer("speech")
{
    // What OpenAI's models make of a second of speech, and the rate of the usual format.
    private const int TokensPerSecond = 21;
    private const int BytesPerSecond = 16_000;

    public override UsageShape Usage => UsageShape.Pieces;

    public override string Accepts => "*/*";

    public override bool BringsMedia => true;

    public override MeteredAnswer Complete(Call call, MeteredAnswer answer)
    {
        if (answer.Error is not null || !answer.HasContent)
        {
            return answer;
        }
        var characters = call.Body.Members.ContentRef.Items.InputCharacters;
        if (call.Model.Prices.DearestRate(PricedItem.InputCharacter) is not null)
        {
            return answer with
            {
                Usage = new TokenUsage { Items = new() { InputCharacters = characters } },
                UsageSource = UsageSource.Reported,
                Outcome = answer.Outcome == AnswerOutcome.Failed ? AnswerOutcome.Complete : answer.Outcome,
            };
        }
        return answer.UsageSource == UsageSource.Reported
            ? answer
            : answer with
            {
                Usage = new TokenUsage
                {
                    Input = (characters + 3) / 4,
                    OutputAudio =
                        ((answer.ContentBytes + ((answer.Things?.SoundBytes ?? 0) / 4 * 3)) * TokensPerSecond / BytesPerSecond) + 1,
                },
                UsageSource = UsageSource.Estimated,
                Outcome = answer.Outcome == AnswerOutcome.Failed ? AnswerOutcome.Complete : answer.Outcome,
            };
    }

    protected override void WriteNothing(Utf8JsonWriter choice) { }
}

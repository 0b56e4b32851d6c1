using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Apis.Images;

/// <summary>
/// Pictures in one piece, or a stream that ends with <c>image_generation.completed</c>. Models that count tokens report them; of any other
/// the pictures are counted, at the price of the size and quality that the answer names, else that were asked for.
/// </summary>
internal sealed class ImagesAnswer() : ChunkedAnswer("image")
{
    public override UsageShape Usage => UsageShape.Pieces;

    public override MeteredAnswer Complete(Call call, MeteredAnswer answer)
    {
        if (answer.Error is not null || !answer.HasContent)
        {
            return answer;
        }
        if (answer is { UsageSource: UsageSource.Reported, Usage: { CompletionTokens: > 0 } told })
        {
            // What is made are pictures, unless the answer says that some of it is text.
            return told.OutputImage > 0 ? answer : answer with { Usage = told with { OutputImage = told.Output, Output = 0 } };
        }
        ref readonly var content = ref call.Body.Members.ContentRef;
        var made = answer.Things?.Pieces > 0 ? answer.Things.Pieces : content.Items.ImagesMade;
        var size = answer.Things?.ImageSize ?? content.ImageSize;
        if (SizedPrices.IsByPiece(call.Model))
        {
            call.Model = SizedPrices.ExactOf(call.Model, size, answer.Things?.ImageQuality ?? content.ImageQuality);
            var pixels = ImagesBody.PixelsOf(size is null or "auto" ? ImagesBody.UsualSize : size) ?? 0;
            return answer with
            {
                Usage = new TokenUsage
                {
                    Items = new() { ImagesMade = made, OutputPixels = made * pixels },
                },
                UsageSource = UsageSource.Reported,
                Outcome = answer.Outcome == AnswerOutcome.Failed ? AnswerOutcome.Complete : answer.Outcome,
            };
        }
        return answer with
        {
            Usage = new TokenUsage { Input = (call.Body.Length - content.InlineMediaBytes + 3) / 4, OutputImage = content.AnswerTokens },
            UsageSource = UsageSource.Estimated,
            Outcome = answer.Outcome == AnswerOutcome.Failed ? AnswerOutcome.Complete : answer.Outcome,
        };
    }

    protected override void WriteNothing(Utf8JsonWriter choice) { }
}

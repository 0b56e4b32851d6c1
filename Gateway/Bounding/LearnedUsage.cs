using System.Collections.Concurrent;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;
using Gateway.Inference;
using Gateway.Reading;

namespace Gateway.Bounding;

/// <summary>
/// What calls have shown of a model, where the body alone does not tell: the fewest bytes that ever made a token (holds under <c>HOLD_INPUT=learned</c>), and what parts
/// of unknown size use on average (token windows only). Kept in memory; a node that starts learns anew and is strict until it knows.
/// </summary>
internal sealed class LearnedUsage(HubOptions options)
{
    private const int CallsToTrust = 50;
    private const double Margin = 0.8;

    private readonly ConcurrentDictionary<string, Lesson> _lessons = new(StringComparer.Ordinal);

    /// <summary>
    /// How many bytes of a body are held as tokens: all of them, or under <c>learned</c> as many as the model makes of them at most, as far as is known. Media within the
    /// body have bounds of their own and stay as they are.
    /// </summary>
    public long HeldBytes(string modelId, RequestBody body)
    {
        var media = body.Members.ContentRef.InlineMediaBytes;
        return media + HeldTextBytes(modelId, body.Length - media);
    }

    private long HeldTextBytes(string modelId, long bodyBytes)
    {
        if (options.HoldInput != HoldInput.Learned || !_lessons.TryGetValue(modelId, out var lesson))
        {
            return bodyBytes;
        }
        lock (lesson)
        {
            return lesson.TextCalls < CallsToTrust ? bodyBytes : (long)Math.Ceiling(bodyBytes / Math.Max(1, lesson.FewestBytesPerToken * Margin));
        }
    }

    /// <summary>The bound for token windows: parts whose size cannot be told count what they used on average.</summary>
    public long WindowTokens(string modelId, in CallBound bound)
    {
        if (!bound.HasUnboundedParts || !_lessons.TryGetValue(modelId, out var lesson))
        {
            return bound.HasUnboundedParts ? bound.PlainInputTokens + bound.OutputTokens : bound.TokensBound;
        }
        lock (lesson)
        {
            return bound.PlainInputTokens + (long)lesson.MeanExtraTokens + bound.OutputTokens;
        }
    }

    /// <summary>Learns from a call whose usage the upstream reported.</summary>
    public void Learn(InferenceRequest inference, in TokenUsage usage)
    {
        if (usage.PromptTokens <= 0 || (!inference.Bound.HasUnboundedParts && options.HoldInput != HoldInput.Learned))
        {
            return;
        }
        var lesson = _lessons.GetOrAdd(inference.Model.Id, static _ => new Lesson());
        lock (lesson)
        {
            if (inference.Bound.HasUnboundedParts)
            {
                var extra = Math.Max(0, usage.PromptTokens - inference.Bound.PlainInputTokens);
                lesson.MeanExtraTokens += (extra - lesson.MeanExtraTokens) / Math.Min(++lesson.UnboundedCalls, 1_000);
            }
            else
            {
                lesson.TextCalls++;
                lesson.FewestBytesPerToken = Math.Min(lesson.FewestBytesPerToken, (double)inference.Body.Length / usage.PromptTokens);
            }
        }
    }

    private sealed class Lesson
    {
        public long TextCalls;
        public double FewestBytesPerToken = double.MaxValue;
        public long UnboundedCalls;
        public double MeanExtraTokens;
    }
}

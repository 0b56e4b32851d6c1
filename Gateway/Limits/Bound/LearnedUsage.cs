using System.Collections.Concurrent;
using Gateway.Bodies;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;

namespace Gateway.Limits.Bound;

/// <summary>
/// What calls have shown of a model, where the body alone does not tell: the fewest bytes that ever made a token (holds under
/// <c>HOLD_INPUT=learned</c>), and what calls usually use (windows of tokens). Kept in memory; a node that starts learns anew and is strict
/// until it knows.
/// </summary>
internal sealed class LearnedUsage(BudgetOptions options)
{
    private const int CallsToTrust = 50;
    private const double Margin = 0.8;

    /// <summary>What calls usually use.</summary>
    public TypicalUsage Typical { get; } = new(options);

    private readonly ConcurrentDictionary<string, Lesson> _lessons = new(StringComparer.Ordinal);

    /// <summary>
    /// How many bytes of a body are held as tokens: all of them, or under <c>learned</c> as many as the model makes of them at most, as far
    /// as is known. Media within the body have bounds of their own and stay as they are.
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
            return lesson.TextCalls < CallsToTrust
                ? bodyBytes
                : (long)Math.Ceiling(bodyBytes / Math.Max(1, lesson.FewestBytesPerToken * Margin));
        }
    }

    /// <summary>Learns from a call whose usage the upstream reported.</summary>
    public void Learn(Reservation reservation, in TokenUsage usage)
    {
        Typical.Learn(reservation.Call, usage);
        if (usage.PromptTokens <= 0 || reservation.Bound.HasUnboundedParts || options.HoldInput != HoldInput.Learned)
        {
            return;
        }
        var lesson = _lessons.GetOrAdd(reservation.Call.Model.Id, static _ => new Lesson());
        lock (lesson)
        {
            lesson.TextCalls++;
            lesson.FewestBytesPerToken = Math.Min(lesson.FewestBytesPerToken, (double)reservation.Call.Body.Length / usage.PromptTokens);
        }
    }

    private sealed class Lesson
    {
        public long TextCalls;
        public double FewestBytesPerToken = double.MaxValue;
    }
}

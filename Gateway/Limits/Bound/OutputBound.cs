using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;

namespace Gateway.Limits.Bound;

/// <summary>The most tokens that a call can be answered with.</summary>
/// <param name="PerChoice">The maximum per choice that the call goes upstream with: the client's, or the one to put in.</param>
/// <param name="CountedPerChoice">What a choice counts: more than <paramref name="PerChoice"/> where the model does not hold to a
/// maximum.</param>
/// <param name="Choices">Answers: max(n, best_of) for each prompt, and once more for each round of searches.</param>
/// <param name="ExtraTokens">Beside the maxima: a prediction that is thrown away is charged as output, and reasoning that a member asks for
/// may be counted beside them.</param>
/// <param name="IsPutIn">The client set no maximum: one is put in on a budgeted call.</param>
/// <param name="FollowsMaximum">Whether a lower maximum lowers the bound: not where the model reasons beside it, nor where the body has
/// another maximum.</param>
/// <param name="Refusal">Why there is no bound, or null; then the counts are zero.</param>
internal readonly record struct OutputBound(
    long PerChoice,
    long CountedPerChoice,
    long Choices,
    long ExtraTokens,
    bool IsPutIn,
    bool FollowsMaximum,
    Refusal? Refusal
)
{
    /// <summary>The model's own limit for one choice; zero when it is not known.</summary>
    public long LongestPerChoice { get; init; }

    /// <summary>What the model can answer at most where no maximum goes upstream; zero when that is not known.</summary>
    public long LongestTokens =>
        LongestPerChoice == 0 ? 0 : (long)Int128.Min(((Int128)LongestPerChoice * Choices) + ExtraTokens, CostBound.MaxTokens);

    /// <summary>The bound.</summary>
    public long Tokens => (long)Int128.Min(((Int128)CountedPerChoice * Choices) + ExtraTokens, CostBound.MaxTokens);

    public static OutputBound Of(CallApi api, in RequestMembers members, PolicyModel model, in OutputLimits limits, long inputTokens)
    {
        if (!api.BodyForm.HasAnswerTokens)
        {
            return default;
        }
        ref readonly var content = ref members.ContentRef;
        var choices = (long)Math.Max(1, members.Choices) * content.Prompts * Rounds(api, content);
        var reasoning =
            content.ReasoningBudgetTokens > 0 && !ProviderAllowance.Of(model).ReasonsWithinMaximum ? content.ReasoningBudgetTokens : 0;
        var extra = (long)Int128.Min(((Int128)content.PredictionBytes + reasoning) * choices, CostBound.MaxTokens);
        var other = content.OtherMaximumTokens > 0 ? content.OtherMaximumTokens : (long?)null;
        var longest = model.MaxOutputTokens is > 0 and var known ? known : (long?)null;
        if (!api.BodyForm.TakesMaximum)
        {
            return WithoutMaximum(content, longest, model);
        }
        // A maximum of zero is taken for none by some upstreams: it goes on as it is, and bounds nothing.
        var set = members.MaxOutputTokens;
        var perChoice =
            set is > 0 ? set
            : set is 0 ? longest
            : Smaller(Room(model, longest, inputTokens), limits.TierMaxOutputTokens)
                ?? other
                ?? Room(model, limits.DefaultMaxOutputTokens, inputTokens, isGuess: true);
        if (model.ReasoningOutsideMax && longest is null)
        {
            return new(0, 0, choices, 0, IsPutIn: false, FollowsMaximum: false, Refusals.UnboundedReasoning(model.Name));
        }
        if (perChoice is not { } maximum)
        {
            return new(0, 0, choices, 0, IsPutIn: false, FollowsMaximum: false, Refusals.UnboundedAnswer(api.BodyForm.MaximumName));
        }
        // Which of two maxima an upstream obeys is not known.
        var counted = Math.Max(model.ReasoningOutsideMax ? Math.Max(maximum, longest!.Value) : maximum, other ?? 0);
        return new(
            maximum,
            counted,
            choices,
            extra,
            IsPutIn: set is null,
            FollowsMaximum: other is null && !model.ReasoningOutsideMax,
            null
        )
        {
            LongestPerChoice = longest ?? 0,
        };
    }

    // The larger of what the API makes and of what the model is said to: nothing is put into the body.
    private static OutputBound WithoutMaximum(in ContentSummary content, long? longest, PolicyModel model)
    {
        var most = content.AnswerTokens > 0 ? content.AnswerTokens : longest;
        return most is { } tokens
            ? new(tokens, tokens, 1, 0, IsPutIn: false, FollowsMaximum: false, null) { LongestPerChoice = tokens }
            : new(0, 0, 1, 0, IsPutIn: false, FollowsMaximum: false, Refusals.UnboundedLength(model.Name));
    }

    /// <summary>Whether the gateway may lower the maximum, and the bound with it: never one that the client set.</summary>
    public bool CanShrink => IsPutIn && FollowsMaximum;

    /// <summary>The same call with another maximum put in.</summary>
    public OutputBound WithPerChoice(long perChoice) =>
        this with
        {
            PerChoice = perChoice,
            CountedPerChoice = FollowsMaximum ? perChoice : CountedPerChoice,
        };

    private static long Rounds(CallApi api, in ContentSummary content) => api.BodyForm.LimitsRounds ? 1 : content.LimitedSearches + 1;

    // Where prompt and answer share one window (both limits are the same number), upstreams refuse a maximum that does not fit beside the
    // prompt. The prompt's size is known in bytes only, two or more to a token in nearly all text, so half of them are left to it, and a
    // quarter of the window to the answer anyway. A default is a guess, which may be too long for any window.
    private static long? Room(PolicyModel model, long? longest, long inputTokens, bool isGuess = false) =>
        longest is { } whole && model.MaxInputTokens is > 0 and var window && (isGuess || whole >= window)
            ? Math.Max(1, Math.Min(whole, Math.Max(window - (inputTokens / 2), window / 4)))
            : longest;

    private static long? Smaller(long? left, long? right) =>
        left is null ? right
        : right is null ? left
        : Math.Min(left.Value, right.Value);
}

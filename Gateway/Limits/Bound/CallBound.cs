using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Limits.Bound;

/// <summary>
/// The most that a call can use and cost, told from its body before it is sent: what a hold needs. True by construction
/// (<c>HOLD_INPUT=strict</c>): what has no rule is refused, never guessed. Made once per call; allocates nothing for a call that has a
/// bound.
/// </summary>
internal readonly record struct CallBound
{
    private readonly PriceTable _prices;
    private readonly UsageBound _usage;
    private readonly OutputBound _output;
    private readonly bool _isFree;
    private readonly bool _isKnown;

    private CallBound(PolicyModel model, in InputBound input, in OutputBound output, in UsageBound usage, Refusal? refusal)
    {
        _prices = model.Prices;
        _usage = usage;
        _output = output;
        _isFree = model.IsFree;
        HasUnboundedParts = input.HasUnboundedParts;
        HasUnboundedAnswer = output.Refusal is not null;
        Refusal = refusal;
        Cost = refusal is null && !_isFree ? CostBound.Upper(_prices, usage) : Money.Zero;
    }

    /// <summary>Why the cost has no true bound, to be answered on a budgeted call only; null for a free model, which skips money.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The hold: no usage within the bound costs more. Zero for a free model, and when there is a <see cref="Refusal"/>.</summary>
    public Money Cost { get; }

    /// <summary>
    /// The most prompt tokens; when <see cref="HasUnboundedParts"/> and the model's longest prompt is not known, only those that can be
    /// told.
    /// </summary>
    public long InputTokens => _usage.PromptTokens;

    /// <summary>Parts of the body have a size in tokens that cannot be told from it.</summary>
    public bool HasUnboundedParts { get; }

    /// <summary>The most answer tokens over all choices; zero when <see cref="HasUnboundedAnswer"/>.</summary>
    public long OutputTokens => _usage.CompletionTokens;

    /// <summary>Neither client, model, tier nor process sets a maximum.</summary>
    public bool HasUnboundedAnswer { get; }

    /// <summary>Answers: one for each choice of each prompt, and once more for each round of searches.</summary>
    public long Choices => _output.Choices;

    /// <summary>Answer tokens beside the maxima.</summary>
    public long ExtraOutputTokens => _output.ExtraTokens;

    /// <summary>The maximum of one choice with which the bound holds; zero for an API without answer tokens.</summary>
    public long MaxOutputPerChoice => _output.PerChoice;

    /// <summary>
    /// The client set no maximum: on a budgeted call <see cref="MaxOutputPerChoice"/> has to be put in (<see cref="MaximumEdit"/>).
    /// </summary>
    public bool PutsMaximumIn => _output.IsPutIn && !_isFree;

    /// <summary>The maximum is a default that neither client nor model knows: it holds only where it is put in.</summary>
    public bool IsGuessed => _output.IsPutIn && _output.LongestPerChoice == 0;

    private CallBound(FixedBound known)
    {
        _prices = PriceTable.Empty;
        (Refusal, Cost) = (known.Refusal, known.Refusal is null ? known.Cost : Money.Zero);
        _isKnown = true;
    }

    /// <summary>A bound that the body does not tell.</summary>
    public static CallBound Of(FixedBound known) => new(known);

    /// <summary>Bounds a call.</summary>
    /// <param name="api">The API called.</param>
    /// <param name="members">What was read of its body.</param>
    /// <param name="bodyBytes">The body's length as the client sent it.</param>
    /// <param name="model">The model asked for: its prices and limits.</param>
    /// <param name="limits">Maxima of the tier and the process.</param>
    public static CallBound Compute(
        CallApi api,
        in RequestMembers members,
        long bodyBytes,
        PolicyModel model,
        OutputLimits limits = default
    )
    {
        ref readonly var content = ref members.ContentRef;
        var input = InputBound.Of(api, content, bodyBytes, model);
        var output = OutputBound.Of(api, members, model, limits, input.Tokens);
        var usage = new UsageBound
        {
            PromptTokens = input.Tokens,
            CompletionTokens = output.Tokens,
            Media = input.Media | content.OutputMedia,
            Tiers = content.ServiceTiers,
            ImagesIn = api.BodyForm.InputsMayBeMedia
                ? content.Prompts
                : (content.InlineImages + content.ImageUrls) * (content.LimitedSearches + 1),
            WebSearches = content.LimitedSearches,
            Items = content.Items,
        };
        var refusal = model.IsFree
            ? null
            : Refuse(api, content, model, usage)
                ?? (CostBound.PricesPrompts(model.Prices) ? input.Refusal : null)
                ?? (CostBound.PricesAnswers(model.Prices) ? output.Refusal : null);
        return new(model, input, output, usage, refusal);
    }

    /// <summary>
    /// The most that one choice may be answered with so that the call's cost stays within the money; null when not even one token is, or no
    /// lower maximum would help.
    /// </summary>
    public long? MaxOutputPerChoiceWithin(Money money) => _output.CanShrink ? FittingMaximum(money) : null;

    /// <summary>Whether a lower maximum can be put in, and lowers the cost.</summary>
    public bool CanShrink => PutsMaximumIn && _output.CanShrink;

    /// <summary>
    /// What the call costs at most with the shortest answer that it could be given; zero when there is a <see cref="Refusal"/>.
    /// </summary>
    public Money LeastCost =>
        Refusal is not null || _isFree ? Money.Zero
        : _isKnown ? Cost
        : CostBound.Upper(_prices, _usage with { CompletionTokens = _output.WithPerChoice(1).Tokens });

    /// <summary>
    /// The largest maximum per choice that the client could set so that the call's cost stays within the money; null when none does.
    /// </summary>
    public long? FittingMaximum(Money money)
    {
        if (
            Refusal is not null
            || _output.Choices == 0
            || !_output.FollowsMaximum
            || CostBound.CompletionTokensWithin(_prices, _usage, money) is not { } tokens
        )
        {
            return null;
        }
        var perChoice = Math.Min(MaxOutputPerChoice, (tokens - _output.ExtraTokens) / _output.Choices);
        return perChoice >= 1 ? perChoice : null;
    }

    /// <summary>The bound of the cost if the call were answered with so many tokens in all.</summary>
    public Money CostWithOutput(long tokens) => _isFree ? Money.Zero : CostBound.Upper(_prices, _usage with { CompletionTokens = tokens });

    /// <summary>An estimate, which is never more than the most that is possible.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="hasMaximum">Whether the call went upstream with a maximum of ours where the client set none; else only the model's own
    /// limit holds.</param>
    public TokenUsage AtMost(in TokenUsage estimate, bool hasMaximum)
    {
        var capped = estimate;
        if (InputTokens > 0 && !HasUnboundedParts)
        {
            capped = capped with { Input = Math.Min(capped.Input, InputTokens) };
        }
        if ((hasMaximum || !_output.IsPutIn ? OutputTokens : _output.LongestTokens) is > 0 and var most)
        {
            var image = Math.Min(capped.OutputImage, most);
            var audio = Math.Min(capped.OutputAudio, most - image);
            var text = Math.Min(capped.Output, most - image - audio);
            capped = capped with { OutputImage = image, OutputAudio = audio, Output = text };
        }
        return capped;
    }

    /// <summary>The bound of the same call with another maximum put in.</summary>
    /// <exception cref="InvalidOperationException">The client set the maximum itself, which is never changed.</exception>
    public CallBound WithMaxOutputPerChoice(long maximum)
    {
        if (!_output.IsPutIn)
        {
            throw new InvalidOperationException("A maximum that the client set is never changed.");
        }
        return new CallBound(this, _output.WithPerChoice(maximum));
    }

    private CallBound(in CallBound bound, in OutputBound output)
    {
        this = bound;
        _output = output;
        _usage = bound._usage with { CompletionTokens = output.Tokens };
        Cost = Refusal is null && !_isFree ? CostBound.Upper(_prices, _usage) : Money.Zero;
    }

    private static Refusal? Refuse(CallApi api, in ContentSummary content, PolicyModel model, in UsageBound usage)
    {
        if (content.UnknownMember is { } member)
        {
            return Refusals.UnknownMember(member, content.UnknownMemberReason);
        }
        if (content.HostedTool is { } tool)
        {
            return Refusals.HostedTool(tool);
        }
        if (!CostBound.IsPriced(model.Prices, usage))
        {
            return Refusals.PriceUnknown(model.Name);
        }
        if (api.BodyForm.RefuseOnBudget(content, model) is { } refused)
        {
            return refused;
        }
        return RefuseSearches(api, content, model) ?? RefuseItems(api, model, usage);
    }

    // The number of searches must be limited in the request, by a provider that holds to it, and their fee known. A provider that may
    // search unasked has no limit at all.
    private static Refusal? RefuseSearches(CallApi api, in ContentSummary content, PolicyModel model)
    {
        var allowance = ProviderAllowance.Of(model);
        var fee = model.Prices.DearestRate(PricedItem.SearchMedium);
        var isRefused =
            content.LimitedSearches > 0
                ? fee is null || !(api.BodyForm.LimitsRounds ? allowance.LimitsToolCalls : allowance.LimitsSearches)
                : fee is { PicoUsd: > 0 } && allowance.SearchesUnasked;
        return isRefused ? Refusals.HostedTool("web_search") : null;
    }

    // Pieces that cannot be counted in the body: seconds of audio or video, and images within a file or an earlier conversation.
    private static Refusal? RefuseItems(CallApi api, PolicyModel model, in UsageBound usage)
    {
        if ((usage.Media & (MediaClasses.InputAudio | MediaClasses.InputVideo)) == 0)
        {
            return null;
        }
        if (usage.Items.InputMilliseconds == 0 && model.Prices.DearestRate(PricedItem.InputSecond) is { PicoUsd: > 0 })
        {
            return Refusals.ItemPriceUnbounded(model.Name, "seconds of audio or video");
        }
        // Each input of an embedding is one image at most.
        var hidesImages = (usage.Media & MediaClasses.InputVideo) != 0 && !api.BodyForm.InputsMayBeMedia;
        return hidesImages && model.Prices.DearestRate(PricedItem.ImageIn) is { PicoUsd: > 0 }
            ? Refusals.ItemPriceUnbounded(model.Name, "images by the piece")
            : null;
    }
}

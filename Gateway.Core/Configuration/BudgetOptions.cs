using Gateway.Core.Pricing;

namespace Gateway.Core.Configuration;

/// <summary>How money is held, and what is assumed of calls that nobody has seen yet.</summary>
public sealed class BudgetOptions
{
    /// <summary>Whether calls are paid from a balance or counted only, where neither user nor tier says so.</summary>
    [ChoiceOption("BILLING_MODE")]
    public BillingMode BillingMode { get; internal set; } = BillingMode.Postpaid;

    /// <summary>
    /// The monthly budget of users for whom no admin made one; zero: none; null: the setting <c>default_monthly_budget</c>.
    /// </summary>
    [FormOption("DEFAULT_MONTHLY_BUDGET", "USD from 0 to 1000000, for instance 100; 0 for none", nameof(TryReadCap))]
    public Money? DefaultMonthlyBudget { get; internal set; }

    /// <summary>How the prompt of a call is held on a budget.</summary>
    [ChoiceOption("HOLD_INPUT")]
    public HoldInput HoldInput { get; internal set; } = HoldInput.Strict;

    /// <summary>Whether a call without a maximum is given one that the money covers, when it is short; else it is refused.</summary>
    [SwitchOption("CLAMP_OUTPUT")]
    public bool ClampOutput { get; internal set; } = true;

    /// <summary>
    /// Answer tokens per choice of a budgeted call without a maximum, where neither model nor tier has one; null: the setting
    /// <c>default_max_output_tokens</c>.
    /// </summary>
    [NumberOption("DEFAULT_MAX_OUTPUT_TOKENS", 1, 10_000_000, "tokens")]
    public long? DefaultMaxOutputTokens { get; internal set; }

    /// <summary>Bytes of a prompt's text to a token, as windows of tokens take them until a model's calls have shown it.</summary>
    [NumberOption("TYPICAL_BYTES_PER_TOKEN", 1, 64, "bytes")]
    public int TypicalBytesPerToken { get; internal set; } = 4;

    /// <summary>Tokens of an image, a file or a recording, as windows of tokens take them until a model's calls have shown it.</summary>
    [NumberOption("TYPICAL_MEDIA_TOKENS", 0, 1_000_000, "tokens")]
    public int TypicalMediaTokens { get; internal set; } = 1_000;

    /// <summary>
    /// Tokens of an answer for which the client set no maximum, as windows of tokens take them until a model's calls have shown it.
    /// </summary>
    [NumberOption("TYPICAL_ANSWER_TOKENS", 0, 1_000_000, "tokens")]
    public int TypicalAnswerTokens { get; internal set; } = 500;

    /// <summary>
    /// Tokens of a prompt, or of one choice of an answer, above which a reported usage cannot be, where the model's own limit is not known.
    /// </summary>
    [NumberOption("MAX_PLAUSIBLE_TOKENS", 1, 1L << 40, "tokens")]
    public long MaxPlausibleTokens { get; internal set; } = 10_000_000;

    /// <summary>Pieces (searches, images, pages) or seconds of one call above which a reported usage cannot be.</summary>
    [NumberOption("MAX_PLAUSIBLE_ITEMS", 1, 1L << 40, "pieces or seconds")]
    public long MaxPlausibleItems { get; internal set; } = 100_000;

    private static bool TryReadCap(string text, out Money cap) =>
        Money.TryParse(text, out cap) && cap >= Money.Zero && cap <= Money.FromNanoUsd(1_000_000_000_000_000);
}

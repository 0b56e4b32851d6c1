using Gateway.Bodies;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;

namespace Gateway.Limits.Bound;

/// <summary>
/// Tells a usage that can be from one that cannot: more than the model reads or writes, or, where the model's limits are not known, more
/// than any model does (<c>MAX_PLAUSIBLE_TOKENS</c>, <c>MAX_PLAUSIBLE_ITEMS</c>). What cannot be is no report: nobody is charged by it.
/// </summary>
internal sealed class UsagePlausibility(BudgetOptions options)
{
    /// <summary>Whether the call can have used that.</summary>
    public bool IsPossible(Reservation reservation, in TokenUsage usage)
    {
        ref readonly var content = ref reservation.Call.Body.Members.ContentRef;
        var rounds = (long)Math.Max(1, content.Prompts) * (content.LimitedSearches + 1);
        return usage.PromptTokens <= Most(reservation.Call.Model.MaxInputTokens, rounds, 0, reservation.Bound.InputTokens)
            && usage.CompletionTokens
                <= Most(
                    reservation.Call.Model.MaxOutputTokens,
                    reservation.Bound.Choices,
                    reservation.Bound.ExtraOutputTokens,
                    reservation.Bound.OutputTokens
                )
            && AreItemsPossible(usage.Items);
    }

    // A limit of the catalogue may be too low for what was sent and bounded: then the bound stands.
    private long Most(long? known, long times, long extra, long bound) =>
        (long)
            Int128.Min(
                Int128.Max(((Int128)(known is > 0 ? known.Value : options.MaxPlausibleTokens) * Math.Max(1, times)) + extra, bound),
                long.MaxValue
            );

    private bool AreItemsPossible(in ItemUsage items) =>
        items.IsNone
        || (
            items.WebSearches <= options.MaxPlausibleItems
            && items.ImagesIn <= options.MaxPlausibleItems
            && items.ImagesMade <= options.MaxPlausibleItems
            && items.SearchUnits <= options.MaxPlausibleItems
            && items.Pages <= options.MaxPlausibleItems
            && items.InputMilliseconds / 1_000 <= options.MaxPlausibleItems
            && items.OutputMilliseconds / 1_000 <= options.MaxPlausibleItems
        );
}

namespace Gateway.Core.Pricing;

/// <summary>
/// What one call costs. Total and output are rounded once each, half up; input is what is left, so that the parts always add up.
/// </summary>
public readonly record struct CallCost(Money Total, Money Output, PriceFallbacks Fallbacks)
{
    /// <summary>The prompt side: everything that is not output, web searches and the fee per call included.</summary>
    public Money Input => Total - Output;

    /// <summary>The same cost, or what it may be at most; then the prompt keeps its share and the answer gets the rest.</summary>
    public CallCost AtMost(Money most)
    {
        if (Total <= most)
        {
            return this;
        }
        var input = Input < most ? Input : most;
        return new CallCost(most, most - input, Fallbacks);
    }

    /// <summary>True when something that was used has no price: the cost is then too low.</summary>
    public bool IsIncomplete => (Fallbacks & PriceFallbacks.Unpriced) != 0;
}

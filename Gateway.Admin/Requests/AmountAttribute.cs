using Gateway.Core.Pricing;

namespace Gateway.Admin.Requests;

/// <summary>An amount of USD within bounds, both included. Finer than a nano-dollar is rounded half up.</summary>
internal sealed class AmountAttribute(double minimumUsd, long maximumUsd)
    : RuleAttribute("amount", $"must be a number of USD, minimum is {Money.FromUsd((decimal)minimumUsd)}, maximum is {maximumUsd}")
{
    /// <summary>The smallest amount there is: a budget of nothing is no budget.</summary>
    public const double Smallest = 1e-9;

    public decimal Minimum => (decimal)minimumUsd;

    public long Maximum => maximumUsd;

    public override bool IsValid(object? value) =>
        value is null || (value is Money money && money >= Money.FromUsd(Minimum) && money <= Money.FromUsd(maximumUsd));
}

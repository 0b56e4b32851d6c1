namespace Gateway.Admin.Requests;

/// <summary>A price in USD per unit. Finer than a pico-dollar is rounded half up.</summary>
internal sealed class PriceAttribute() : RuleAttribute("price", "must be a number of USD, minimum is 0, maximum is 1000000")
{
    public override bool IsValid(object? value) => true; // the type Rate holds its bounds
}

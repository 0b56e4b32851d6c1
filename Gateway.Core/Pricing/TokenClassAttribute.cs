namespace Gateway.Core.Pricing;

/// <summary>All that is said of a token class. <see cref="TokenClasses"/> reads it.</summary>
/// <param name="name">Its key in price tables; with <c>_tokens</c> after it the column of the export.</param>
/// <param name="group">What sums and metrics put it into; says too whether it is of the prompt or of the answer.</param>
/// <param name="liteLlmField">LiteLLM's name of its price.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class TokenClassAttribute(string name, TokenGroup group, string liteLlmField) : Attribute
{
    private TokenClass? _standIn;

    public string Name { get; } = name;

    public TokenGroup Group { get; } = group;

    public string LiteLlmField { get; } = liteLlmField;

    /// <summary>The class whose price stands in where this one has none; itself: none does.</summary>
    public TokenClass StandIn
    {
        get => _standIn ?? default;
        set => _standIn = value;
    }

    public bool HasStandIn => _standIn is not null;

    /// <summary>What the catalogue shows where the stand-in's price is used.</summary>
    public PriceFallbacks Fallback { get; set; }

    /// <summary>The content that a call must have to use this class; none: every call can.</summary>
    public MediaClasses Media { get; set; }
}

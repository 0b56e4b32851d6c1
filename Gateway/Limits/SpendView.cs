namespace Gateway.Limits;

/// <summary>Spend in USD: this UTC day, this UTC month, and in all.</summary>
internal sealed record SpendView
{
    public required decimal Today { get; init; }
    public required decimal Month { get; init; }
    public required decimal Total { get; init; }
    public string Currency => "USD";
}

namespace Gateway.Limits;

/// <summary>What a caller is told about itself.</summary>
internal sealed record KeyView
{
    public string Object => "key";

    /// <summary>The key's id; null for an access token.</summary>
    public required string? Id { get; init; }

    public required string? PublicId { get; init; }
    public required string? Name { get; init; }
    public required string UserId { get; init; }
    public required string? TeamId { get; init; }
    public required string TierId { get; init; }
    public required DateTime? ExpiresAt { get; init; }

    /// <summary>Names of the models that it may use.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    public required LimitsView Limits { get; init; }

    public required SpendView Spend { get; init; }
}

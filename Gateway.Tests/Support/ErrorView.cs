namespace Gateway.Tests.Support;

/// <summary>An error as a client reads it.</summary>
internal sealed record ErrorView(int Status, string? Type, string? Code, string? Param)
{
    public required string Message { get; init; }

    /// <summary><c>error.gateway.origin</c>, or null when the error is the upstream's.</summary>
    public required string? Origin { get; init; }

    public required string? RequestId { get; init; }
}

using Gateway.Admin.Requests;

namespace Gateway.Admin.Events;

/// <summary>Which events are wanted.</summary>
internal sealed record EventQuery : PageQuery
{
    public string? Type { get; init; }

    public string? Scope { get; init; }

    public string? ScopeId { get; init; }

    public DateTime? From { get; init; }

    [End]
    public DateTime? To { get; init; }
}

using Gateway.Admin.Requests;

namespace Gateway.Admin.Audit;

/// <summary>Which entries are wanted.</summary>
internal sealed record AuditQuery : PageQuery
{
    public string? ActorId { get; init; }

    public string? Action { get; init; }

    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public DateTime? From { get; init; }

    [End]
    public DateTime? To { get; init; }
}

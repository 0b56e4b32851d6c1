using Gateway.Admin.Requests;

namespace Gateway.Admin.Nodes;

/// <summary>Which calls in flight are wanted.</summary>
internal sealed record CallsInFlightQuery : PageQuery
{
    public string? UserId { get; init; }

    public string? ModelId { get; init; }
}

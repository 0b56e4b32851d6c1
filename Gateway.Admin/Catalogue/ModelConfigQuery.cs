using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>Which configs are wanted.</summary>
internal sealed record ModelConfigQuery : WholeListQuery
{
    public string? ModelId { get; init; }
}

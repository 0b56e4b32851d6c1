using System.ComponentModel;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>Which models are wanted.</summary>
internal sealed record ModelQuery : SearchQuery
{
    public string? CompanyId { get; init; }

    public bool? IsFree { get; init; }

    public bool? IsEnabled { get; init; }

    [Description("Such as chat or embedding.")]
    public string? Mode { get; init; }
}

using System.ComponentModel;

namespace Gateway.Admin.Requests;

/// <summary>The query of a list that can be searched.</summary>
internal record SearchQuery : WholeListQuery
{
    [Description("A part of a name or text, in either case.")]
    public string? Search { get; init; }
}

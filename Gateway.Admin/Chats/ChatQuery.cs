using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Chats;

/// <summary>Which chats are wanted; 100 unless <c>limit</c> says otherwise.</summary>
internal sealed record ChatQuery : PageQuery
{
    [Description("Archived ones too.")]
    public bool? IncludeArchived { get; init; }

    [Description("`include_archived` by its other name.")]
    public bool? IncludeDeleted { get; init; }

    [Description("Only favourites, or only the others.")]
    public bool? Favorite { get; init; }

    [StringLength(36)]
    [Description("Only those in that folder.")]
    public string? FolderId { get; init; }

    [Description("A part of the title, in either case.")]
    public string? Search { get; init; }

    internal override int DefaultSize => 100;
}

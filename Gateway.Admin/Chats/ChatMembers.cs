using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Chats;

/// <summary>What may be said of a chat when it is made and later.</summary>
internal abstract record ChatMembers
{
    [StringLength(255)]
    [Description("The model that answers, by name or alias.")]
    public Optional<string?> ModelUsed { get; init; }

    [StringLength(255)]
    [Description("`model_used` by its other name.")]
    public Optional<string?> Model { get; init; }

    [Names(20, 50)]
    public Optional<List<string>?> Tags { get; init; }

    public Optional<bool> IsFavorite { get; init; }

    [StringLength(36)]
    public Optional<string?> FolderId { get; init; }

    /// <summary>The model, by whichever name it was sent.</summary>
    internal Optional<string?> Wanted => ModelUsed.IsSent ? ModelUsed : Model;
}

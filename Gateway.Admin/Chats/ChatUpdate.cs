using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Chats;

/// <summary>What is to be of a chat.</summary>
[Example("""{"title":"Plans for spring","is_favorite":true}""")]
internal sealed record ChatUpdate : ChatMembers
{
    [StringLength(255, MinimumLength = 1)]
    public Optional<string> Title { get; init; }

    public Optional<bool> IsArchived { get; init; }

    [Description("`is_archived` by its other name.")]
    public Optional<bool> IsDeleted { get; init; }
}

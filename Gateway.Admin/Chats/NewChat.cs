using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Chats;

/// <summary>A chat to be made.</summary>
[Example("""{"title":"Plans"}""")]
internal sealed record NewChat : ChatMembers
{
    [StringLength(255)]
    [Description("The first message gives it a title when none is sent.")]
    public Optional<string> Title { get; init; }
}

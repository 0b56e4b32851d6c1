using Gateway.Admin.Conventions;

namespace Gateway.Admin.Chats;

/// <summary>What a client sets of a chat.</summary>
internal sealed record ChatWish(
    Sent<string> Title,
    Sent<string?> Model,
    Sent<List<string>?> Tags,
    Sent<bool> IsFavorite,
    Sent<bool> IsArchived,
    Sent<string?> FolderId
)
{
    private const int MostTags = 20;
    private const int LongestTag = 50;

    /// <summary>Reads the members; one flag and the model have two names each.</summary>
    /// <param name="members">The body.</param>
    /// <param name="shortestTitle">The shortest title that is taken.</param>
    public static ChatWish Read(MemberReader members, int shortestTitle)
    {
        var (archived, deleted) = (members.Flag("is_archived"), members.Flag("is_deleted"));
        var (model, alias) = (members.NullableText("model_used", 255), members.NullableText("model", 255));
        return new ChatWish(
            members.Text("title", shortestTitle, 255),
            model.IsSent ? model : alias,
            members.Names("tags", MostTags, LongestTag),
            members.Flag("is_favorite"),
            archived.IsSent ? archived : deleted,
            members.NullableText("folder_id", 36)
        );
    }
}

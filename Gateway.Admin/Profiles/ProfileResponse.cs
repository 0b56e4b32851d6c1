using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Profiles;

/// <summary>What a user told of themselves.</summary>
internal sealed record ProfileResponse(
    string Id,
    string UserId,
    IReadOnlyList<string> Values,
    IReadOnlyList<string> Beliefs,
    IReadOnlyList<string> Interests,
    IReadOnlyList<string> Skills,
    IReadOnlyList<string> Desires,
    IReadOnlyList<string> Intentions,
    IReadOnlyList<string> Likes,
    IReadOnlyList<string> Dislikes,
    IReadOnlyList<string> Loves,
    IReadOnlyList<string> Hates,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public static ProfileResponse From(UserProfile row) =>
        new(
            row.Id,
            row.UserId,
            row.Values,
            row.Beliefs,
            row.Interests,
            row.Skills,
            row.Desires,
            row.Intentions,
            row.Likes,
            row.Dislikes,
            row.Loves,
            row.Hates,
            row.CreatedAt,
            row.UpdatedAt
        );
}

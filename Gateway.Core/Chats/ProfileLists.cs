using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Chats;

/// <summary>The ten lists of a profile: their names, their bounds, and how items are added.</summary>
public static class ProfileLists
{
    /// <summary>The longest item, in characters.</summary>
    public const int LongestItem = 200;

    /// <summary>The most items of a list.</summary>
    public const int MostItems = 50;

    /// <summary>The most items of <c>intentions</c>.</summary>
    public const int MostIntentions = 30;

    /// <summary>Each list, in the order in which the system prompt names them.</summary>
    public static IReadOnlyList<ProfileList> All { get; } =
    [
        new("values", "Values", MostItems, p => p.Values, (p, list) => p.Values = list),
        new("beliefs", "Beliefs", MostItems, p => p.Beliefs, (p, list) => p.Beliefs = list),
        new("interests", "Interests", MostItems, p => p.Interests, (p, list) => p.Interests = list),
        new("skills", "Skills", MostItems, p => p.Skills, (p, list) => p.Skills = list),
        new("desires", "Goals and desires", MostItems, p => p.Desires, (p, list) => p.Desires = list),
        new("intentions", "Current intentions", MostIntentions, p => p.Intentions, (p, list) => p.Intentions = list),
        new("likes", "Likes", MostItems, p => p.Likes, (p, list) => p.Likes = list),
        new("dislikes", "Dislikes", MostItems, p => p.Dislikes, (p, list) => p.Dislikes = list),
        new("loves", "Loves", MostItems, p => p.Loves, (p, list) => p.Loves = list),
        new("hates", "Hates", MostItems, p => p.Hates, (p, list) => p.Hates = list),
    ];

    /// <summary>An empty profile.</summary>
    public static UserProfile NewRow(string userId, DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>
    /// A list with items added: those that are there already, ignoring case, are left out, and so is what is above the bound.
    /// </summary>
    public static List<string> With(ProfileList list, IEnumerable<string> items, IEnumerable<string> more)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. items.Concat(more).Where(known.Add).Take(list.Most)];
    }
}

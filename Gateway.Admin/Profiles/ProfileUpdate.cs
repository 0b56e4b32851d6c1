using Gateway.Admin.Requests;
using Gateway.Core.Chats;

namespace Gateway.Admin.Profiles;

/// <summary>What is to be of a profile: a list that is sent takes the place of the one that stands, null leaves it.</summary>
[Example("""{"interests":["astronomy"],"likes":["tea"]}""")]
internal sealed record ProfileUpdate
{
    [Items(ProfileLists.MostItems)]
    public List<string>? Values { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Beliefs { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Interests { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Skills { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Desires { get; init; }

    [Items(ProfileLists.MostIntentions)]
    public List<string>? Intentions { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Likes { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Dislikes { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Loves { get; init; }

    [Items(ProfileLists.MostItems)]
    public List<string>? Hates { get; init; }

    /// <summary>What was sent, in the order of <see cref="ProfileLists.All"/>.</summary>
    internal IReadOnlyList<List<string>?> Lists => [Values, Beliefs, Interests, Skills, Desires, Intentions, Likes, Dislikes, Loves, Hates];

    private sealed class ItemsAttribute : NamesAttribute
    {
        public ItemsAttribute(int maximumCount)
            : base(maximumCount, ProfileLists.LongestItem) => OrNamedObjects = true;
    }
}

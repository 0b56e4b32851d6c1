namespace Gateway.Core.Configuration;

/// <summary>What clients may say of a call, so that usage can be told apart by it: its end user and its tags.</summary>
public sealed class AttributionOptions
{
    /// <summary>The longest name of an end user that columns of the database hold, characters.</summary>
    public const int LongestEndUser = 64;

    /// <summary>The longest tag that columns of the database hold, characters.</summary>
    public const int LongestTag = 64;

    /// <summary>The most tags that a column of the database holds.</summary>
    public const int MostTags = 16;

    /// <summary>
    /// The longest name of an end user, characters. A longer one in a body is stored as its hash; in a header it is refused.
    /// </summary>
    [NumberOption("MAX_END_USER_LENGTH", 40, LongestEndUser, "characters")]
    public int MaxEndUserLength { get; internal set; } = LongestEndUser;

    /// <summary>The most tags of a call.</summary>
    [NumberOption("MAX_TAGS", 1, MostTags, "tags")]
    public int MaxTags { get; internal set; } = 8;

    /// <summary>The longest tag, characters.</summary>
    [NumberOption("MAX_TAG_LENGTH", 1, LongestTag, "characters")]
    public int MaxTagLength { get; internal set; } = LongestTag;

    /// <summary>
    /// End users of one user in a UTC day whose usage is added up apart; that of further ones is added up together. The ledger's rows name
    /// all of them.
    /// </summary>
    [NumberOption("MAX_END_USERS_PER_DAY", 1, 1_000_000, "end users")]
    public int MaxEndUsersPerDay { get; internal set; } = 10_000;

    /// <summary>Tags of one user in a UTC day whose usage is added up apart; that of further ones is added up together.</summary>
    [NumberOption("MAX_TAGS_PER_DAY", 1, 100_000, "tags")]
    public int MaxTagsPerDay { get; internal set; } = 500;
}

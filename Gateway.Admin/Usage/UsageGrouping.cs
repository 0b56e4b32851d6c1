namespace Gateway.Admin.Usage;

/// <summary>Something that usage can be split by.</summary>
/// <param name="Name">Its word in <c>group_by</c>.</param>
/// <param name="Column">Its member in the API; its column in the tables of sums is <see cref="ColumnOf"/>.</param>
/// <param name="NamesTable">The table that has names for its ids; null for times, tags and end users.</param>
/// <param name="NameColumn">The name's column there.</param>
internal sealed record UsageGrouping(string Name, string Column, string? NamesTable = null, string NameColumn = "name")
{
    public static readonly UsageGrouping User = new("user", "user_id", "users", "email");
    public static readonly UsageGrouping Key = new("key", "api_key_id", "api_keys");
    public static readonly UsageGrouping Model = new("model", "model_id", "models");
    public static readonly UsageGrouping Team = new("team", "team_id", "teams");
    public static readonly UsageGrouping Tier = new("tier", "tier_id", "tiers");
    public static readonly UsageGrouping Day = new("day", "bucket_start");
    public static readonly UsageGrouping Hour = new("hour", "bucket_start");
    public static readonly UsageGrouping Tag = new("tag", "tag");
    public static readonly UsageGrouping EndUser = new("end_user", "end_user");

    public static readonly IReadOnlyList<UsageGrouping> All = [User, Key, Model, Team, Tier, Day, Hour, Tag, EndUser];

    /// <summary>The column of the sums for a member of the API: numbers stand for ids there, one column has all labels.</summary>
    public static string ColumnOf(string member) =>
        IsLabelMember(member) ? "label" : member.Replace("_id", "_number", StringComparison.Ordinal);

    public bool IsTime => Column == Day.Column;

    /// <summary>Whether it is what clients say of calls: the sums of it stand in a table of their own, by day and user.</summary>
    public bool IsLabel => IsLabelMember(Column);

    /// <summary>Whether it is an id, which has a name.</summary>
    public bool HasName => NamesTable is not null;

    public static UsageGrouping? Find(string name) => All.FirstOrDefault(g => g.Name == name);

    /// <summary>Whether a member of the API is a tag or an end user.</summary>
    public static bool IsLabelMember(string member) => member == Tag.Column || member == EndUser.Column;
}

namespace Gateway.Admin.Usage;

/// <summary>Something that usage can be split by.</summary>
/// <param name="Name">Its word in <c>group_by</c>.</param>
/// <param name="Column">Its member in the API; its column in the tables of sums is <see cref="ColumnOf"/>.</param>
/// <param name="NamesTable">The table that has names for its ids; null for times.</param>
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

    public static readonly IReadOnlyList<UsageGrouping> All = [User, Key, Model, Team, Tier, Day, Hour];

    /// <summary>The column of the sums for a member of the API: numbers stand for ids there.</summary>
    public static string ColumnOf(string member) => member.Replace("_id", "_number", StringComparison.Ordinal);

    public bool IsTime => NamesTable is null;

    public static UsageGrouping? Find(string name) => All.FirstOrDefault(g => g.Name == name);
}

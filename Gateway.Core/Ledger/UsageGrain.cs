using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>
/// A level of detail of <c>usage_totals</c>: by what its sums are split besides time. Hourly and daily sums of everything grow with the
/// callers; these are few, so that a question that asks for no more detail is answered from few rows.
/// </summary>
/// <param name="Name">The value of <c>grain</c>.</param>
/// <param name="IsHourly">Whether a bucket is an hour; else it is a day.</param>
/// <param name="Columns">The columns that its sums are split by; the others are empty.</param>
public sealed record UsageGrain(string Name, bool IsHourly, IReadOnlyList<string> Columns)
{
    /// <summary>The figures of an hour.</summary>
    public static readonly UsageGrain Hour = new("hour", IsHourly: true, []);

    /// <summary>What was used of each model in an hour.</summary>
    public static readonly UsageGrain ModelHour = new("model_hour", IsHourly: true, [ModelColumn, TierColumn]);

    /// <summary>What was used of each model in a day.</summary>
    public static readonly UsageGrain ModelDay = new("model_day", IsHourly: false, [ModelColumn, TierColumn]);

    /// <summary>What each team used in a day.</summary>
    public static readonly UsageGrain TeamDay = new("team_day", IsHourly: false, [TeamColumn]);

    /// <summary>What one user used in a day. Its key begins with the user: what all users used is told by <c>usage_daily</c>.</summary>
    public static readonly UsageGrain UserDay = new("user_day", IsHourly: false, [UserColumn, ModelColumn]);

    /// <summary>All of them, the one with the fewest rows first.</summary>
    public static readonly IReadOnlyList<UsageGrain> All = [Hour, ModelDay, TeamDay, UserDay, ModelHour];

    /// <summary>Its number in the database: it never changes.</summary>
    public int Number => NumberOf(Name);

    private const string UserColumn = "user_id";
    private const string TeamColumn = "team_id";
    private const string ModelColumn = "model_id";
    private const string TierColumn = "tier_id";

    // In the order in which they were added: the place is the number.
    private static readonly string[] Numbered = ["hour", "model_hour", "model_day", "team_day", "user_day"];

    private readonly bool _hasUser = Columns.Contains(UserColumn);
    private readonly bool _hasTeam = Columns.Contains(TeamColumn);
    private readonly bool _hasModel = Columns.Contains(ModelColumn);
    private readonly bool _hasTier = Columns.Contains(TierColumn);

    /// <summary>The level with the fewest rows that knows some columns, or null.</summary>
    /// <param name="isHourly">Whether hours must be told apart.</param>
    /// <param name="columns">The columns that are asked for.</param>
    /// <param name="isOfOneUser">Whether only one user's sums are asked for.</param>
    public static UsageGrain? Find(bool isHourly, IReadOnlyCollection<string> columns, bool isOfOneUser) =>
        All.FirstOrDefault(g => g.IsHourly == isHourly && columns.All(g.Columns.Contains) && g._hasUser == isOfOneUser);

    /// <summary>The number of a level; 0 for a name that there is none of.</summary>
    public static int NumberOf(string name) => Array.IndexOf(Numbered, name) + 1;

    /// <summary>The name of a level by its number.</summary>
    public static string NameOf(int number) => Numbered[number - 1];

    /// <summary>The primary key of the sums that a call belongs to, in its order.</summary>
    internal (string Grain, int User, DateTime BucketStart, int Team, int Model, int Tier) KeyOf(UsageRecord record) =>
        (
            Name,
            _hasUser ? record.Numbers.User : 0,
            IsHourly ? UtcTime.HourOf(record.AdmittedAt) : UtcTime.DayOf(record.AdmittedAt),
            _hasTeam ? record.Numbers.Team : 0,
            _hasModel ? record.Numbers.Model : 0,
            _hasTier ? record.Numbers.Tier : 0
        );
}

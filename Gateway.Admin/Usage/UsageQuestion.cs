using Gateway.Admin.Conventions;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Usage;

/// <summary>
/// What is asked of the sums: by what they are split, of which time, for whom. Times are whole hours; with <c>day</c> whole days.
/// </summary>
/// <param name="By">The groupings, in the order asked for.</param>
/// <param name="From">The first hour or day.</param>
/// <param name="Until">The first one that is not counted; null: no end.</param>
/// <param name="Filters">Columns of the sums and the value that each must have.</param>
internal sealed record UsageQuestion(
    IReadOnlyList<UsageGrouping> By,
    DateTime From,
    DateTime? Until,
    IReadOnlyList<(string Column, string Value)> Filters
)
{
    private const int DefaultDays = 30;
    private const string LabelsAlone = "tag and end_user go with user, day and user_id alone: their usage is summed by day and user";
    private const string WholeHour = "must be a date or a whole hour (UTC): usage is summed by the hour";

    /// <summary>Whether days suffice: they are fewer by far.</summary>
    public bool IsDaily =>
        !By.Contains(UsageGrouping.Hour) && From.TimeOfDay == TimeSpan.Zero && (Until is null || Until.Value.TimeOfDay == TimeSpan.Zero);

    /// <summary>Whether it asks for tags or for end users, one of <see cref="LabelKinds"/>; null: for neither.</summary>
    public int? LabelKind =>
        Asks(UsageGrouping.Tag) ? LabelKinds.Tag
        : Asks(UsageGrouping.EndUser) ? LabelKinds.EndUser
        : null;

    /// <summary>The least detailed sums that have the answer; null: only those in full detail have it.</summary>
    public UsageGrain? Grain =>
        UsageGrain.Find(
            !IsDaily,
            [.. By.Where(g => !g.IsTime).Select(g => g.Column), .. Filters.Select(f => f.Column)],
            isOfOneUser: Filters.Any(f => f.Column == UsageGrouping.User.Column)
        );

    /// <summary>The question that a query asks; not to be used unless <paramref name="error"/> is null.</summary>
    public static UsageQuestion Of(UsageQuery query, DateTime now, out ApiError? error)
    {
        var (from, until) = (query.From ?? now.Date.AddDays(1 - DefaultDays), EndOf(query.To));
        var words = (query.GroupBy ?? UsageGrouping.Day.Name).Split(
            ',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        var groupings = words.Select(UsageGrouping.Find).ToList();
        List<(string Column, string Value)> filters =
        [
            .. new (UsageGrouping Grouping, string? Value)[]
            {
                (UsageGrouping.User, query.UserId),
                (UsageGrouping.Key, query.ApiKeyId),
                (UsageGrouping.Model, query.ModelId),
                (UsageGrouping.Team, query.TeamId),
                (UsageGrouping.Tier, query.TierId),
                (UsageGrouping.Tag, query.Tag),
                (UsageGrouping.EndUser, query.EndUser),
            }
                .Where(f => f.Value is not null)
                .Select(f => (f.Grouping.Column, f.Value!)),
        ];
        var question = new UsageQuestion([.. groupings.OfType<UsageGrouping>()], from, until, filters);
        error =
            groupings.Count == 0 || groupings.Contains(null)
                ? ApiError.Validation(
                    "group_by",
                    "one_of",
                    $"must be some of {string.Join(", ", UsageGrouping.All.Select(g => g.Name))}, separated by commas"
                )
            : groupings.Distinct().Count() < groupings.Count ? ApiError.Validation("group_by", "unique", "must name each only once")
            : question.By.Count(g => g.IsTime) > 1 ? ApiError.Validation("group_by", "one_of", "must name day or hour, not both")
            : question.LabelKind is not null && !question.AsksOfLabelsAlone ? ApiError.Validation("group_by", "one_of", LabelsAlone)
            : !IsWholeHour(from) ? ApiError.Validation("from", "whole_hour", WholeHour)
            : until is { } end && !IsWholeHour(end) ? ApiError.Validation("to", "whole_hour", WholeHour)
            : question.By.Contains(UsageGrouping.Day) && !question.IsDaily
                ? ApiError.Validation("group_by", "whole_days", "day needs from and to to be dates or midnights (UTC)")
            : question.LabelKind is not null && !question.IsDaily
                ? ApiError.Validation("group_by", "whole_days", "tag and end_user need from and to to be dates or midnights (UTC)")
            : null;
        return question;
    }

    private bool Asks(UsageGrouping label) => By.Contains(label) || Filters.Any(f => f.Column == label.Column);

    private bool AsksOfLabelsAlone =>
        By.All(g => g == UsageGrouping.User || g == UsageGrouping.Day || g.IsLabel)
        && Filters.All(f => f.Column == UsageGrouping.User.Column || UsageGrouping.IsLabelMember(f.Column))
        && !(Asks(UsageGrouping.Tag) && Asks(UsageGrouping.EndUser));

    private static bool IsWholeHour(DateTime time) => time.Ticks % TimeSpan.TicksPerHour == 0;

    // A list of moments includes the moment asked for; a list of hours ends where it is told to.
    private static DateTime? EndOf(DateTime? until) =>
        until is { } end && end.Ticks % TimeSpan.TicksPerHour == TimeSpan.TicksPerMicrosecond ? end.AddMicroseconds(-1) : until;
}

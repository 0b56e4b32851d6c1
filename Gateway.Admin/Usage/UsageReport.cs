using System.Globalization;
using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>
/// Adds up the tables of sums, never the ledger's rows. SQL by hand, because the columns to group by are chosen by the question; they come
/// from <see cref="UsageGrouping"/>, and what a caller wrote goes in as parameters.
/// </summary>
internal static class UsageReport
{
    private const string Cost = "total_cost_nano_usd";

    private static readonly string[] SumColumns =
    [
        "requests",
        "failed_requests",
        "estimated_requests",
        "input_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "input_media_tokens",
        "output_tokens",
        "reasoning_tokens",
        "output_media_tokens",
        Cost,
        "output_cost_nano_usd",
        "upstream_cost_nano_usd",
    ];

    private static readonly string SumMembers = string.Join(", ", SumColumns.Select(c => $"g.{c} AS \"{MemberOf(c)}\""));

    /// <summary>
    /// A page of groups, how many there are, and the sums of all of them: one command, so that they are of one moment and the sums are
    /// added up once.
    /// </summary>
    public static async Task<(List<UsageGroup> Groups, long Count, UsageGroup Total)> ReadPageAsync(
        HubDbContext db,
        UsageQuestion question,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var words = SqlWords.For(db.Database);
        var (sql, values) = IsLarge(question) ? RankedPage(question, page, words) : SummedPage(question, page, words);
        var rows = await Ask(db, $"{sql} {OrderOf(question)}", values).ToListAsync(cancellationToken);
        var last = rows.Single(r => r.GroupCount is not null);
        rows.Remove(last);
        return (rows, last.GroupCount!.Value, last);
    }

    /// <summary>The groups, the oldest first, then the dearest.</summary>
    /// <param name="db">The database.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="page">Which of them; null: all.</param>
    public static IQueryable<UsageGroup> Read(HubDbContext db, UsageQuestion question, PageRequest? page)
    {
        var words = SqlWords.For(db.Database);
        var (groups, values) = GroupsOf(question, words);
        return Ask(db, $"{groups} {Shown(question, page, words)} {OrderOf(question)}", values);
    }

    // Whether the groups are as many as callers, and what is read are the sums of everything.
    private static bool IsLarge(UsageQuestion question) => question.Grain is null && question.LabelKind is null;

    private static (string Sql, object[] Values) SummedPage(UsageQuestion question, PageRequest page, SqlWords words)
    {
        var (groups, values) = GroupsOf(question, words);
        var total = TotalOf($"{Sums(words)}, COUNT(*) AS group_count FROM g", words);
        return ($"{groups} {Shown(question, page, words)} UNION ALL {total}", values);
    }

    // Of all groups only what ranks them is added up, as a fraction, which has no end to stop at and is exact up to nine million USD; the
    // rest for the groups of the page. The total is read from sums in less detail. The plus keeps SQLite from reading the whole table in
    // the order of an index of callers: a month of 90 days takes a fifth of the time.
    private static (string Sql, object[] Values) RankedPage(UsageQuestion question, PageRequest page, SqlWords words)
    {
        var (source, values) = Source(question);
        var (whole, _) = Source(question with { By = [] });
        var columns = string.Join(", ", Columns(question.By));
        var bare = string.Join(", ", Columns(question.By).Select(c => $"+{c} AS {c}"));
        var sql =
            $"WITH r {words.AsReadOnce} (SELECT {columns}, SUM({words.ToFraction(Cost)}) AS {Cost} "
            + $"FROM (SELECT {bare}, {Cost} {source}) AS s GROUP BY {columns}), "
            + $"p {words.AsReadOnce} (SELECT {columns} FROM r {PageOf(question, page)}), "
            + $"g {words.AsReadOnce} (SELECT {columns}, {Sums(words)} {source} AND ({columns}) IN (SELECT {columns} FROM p) "
            + $"GROUP BY {columns}) ";
        var total = TotalOf($"{Sums(words)}, (SELECT COUNT(*) FROM r) AS group_count {whole}", words);
        return ($"{sql} {Shown(question, page: null, words)} UNION ALL {total}", values);
    }

    private static string TotalOf(string sums, SqlWords words) =>
        $"SELECT {KeyMembers([], words)}, {SumMembers}, g.group_count AS \"GroupCount\" FROM (SELECT {sums}) AS g";

    private static string PageOf(UsageQuestion question, PageRequest page)
    {
        var times = question.By.Where(g => g.IsTime).Select(g => g.Column);
        var order = times.Append($"{Cost} DESC").Concat(Columns(question.By.Where(g => !g.IsTime)));
        return string.Create(CultureInfo.InvariantCulture, $"ORDER BY {string.Join(", ", order)} LIMIT {page.Limit} OFFSET {page.Offset}");
    }

    // Every group, under the name g.
    private static (string Sql, object[] Values) GroupsOf(UsageQuestion question, SqlWords words)
    {
        var (source, values) = Source(question);
        var columns = string.Join(", ", Columns(question.By));
        return ($"WITH g {words.AsReadOnce} (SELECT {columns}, {Sums(words)} {source} GROUP BY {columns})", values);
    }

    // Names are looked up for the groups of the page alone.
    private static string Shown(UsageQuestion question, PageRequest? page, SqlWords words)
    {
        var names = question
            .By.Where(g => g.HasName)
            .Select(g =>
                $" LEFT JOIN ledger_names AS {g.Name}_ids ON {g.Name}_ids.number = g.{UsageGrouping.ColumnOf(g.Column)}"
                + $" LEFT JOIN {g.NamesTable} AS {g.Name}_names ON {g.Name}_names.id = {g.Name}_ids.name"
                + $" LEFT JOIN tombstones AS {g.Name}_gone ON {g.Name}_gone.entity_type = '{g.Name}' AND {g.Name}_gone.entity_id = "
                + $"{g.Name}_ids.name"
            );
        var shown = page is { } p ? $"(SELECT * FROM g {PageOf(question, p)}) AS g" : "g";
        return $"SELECT {KeyMembers(question.By, words)}, {SumMembers}, {words.NullNumber} AS \"GroupCount\" "
            + $"FROM {shown}{string.Concat(names)}";
    }

    private static string OrderOf(UsageQuestion question)
    {
        var times = question.By.Where(g => g.IsTime).Select(_ => "\"BucketMicroseconds\"");
        var others = question.By.Where(g => !g.IsTime).Select(g => $"\"{MemberOf(g.Column)}\"");
        return $"ORDER BY {string.Join(", ", [.. times, "\"TotalCostNanoUsd\" DESC", .. others])}";
    }

    // Parts of the text are names of ours; what callers wrote is among the values.
    private static IQueryable<UsageGroup> Ask(HubDbContext db, string sql, object[] values) =>
        db.Database.SqlQueryRaw<UsageGroup>(sql, values);

    private static string Sums(SqlWords words) => string.Join(", ", SumColumns.Select(c => $"{SaturatingSums.SqlOf(c, words)} AS {c}"));

    private static IEnumerable<string> Columns(IEnumerable<UsageGrouping> groupings) =>
        groupings.Select(g => UsageGrouping.ColumnOf(g.Column));

    // What is not grouped by is null, so that the rows of every question have one form.
    private static string KeyMembers(IReadOnlyList<UsageGrouping> by, SqlWords words)
    {
        var times = by.Any(g => g.IsTime) ? "g.bucket_start" : words.NullNumber;
        var ids = UsageGrouping
            .All.Where(g => g.HasName)
            .Select(g =>
                by.Contains(g)
                    ? (
                        $"COALESCE({g.Name}_ids.name, '') AS \"{MemberOf(g.Column)}\", "
                        + $"COALESCE({g.Name}_names.{g.NameColumn}, {g.Name}_gone.name) AS \"{MemberOf(g.Name)}Name\""
                    )
                    : $"{words.NullText} AS \"{MemberOf(g.Column)}\", {words.NullText} AS \"{MemberOf(g.Name)}Name\""
            );
        var labels = UsageGrouping
            .All.Where(g => g.IsLabel)
            .Select(g => $"{(by.Contains(g) ? "g.label" : words.NullText)} AS \"{MemberOf(g.Column)}\"");
        return $"{times} AS \"BucketMicroseconds\", {string.Join(", ", [.. ids, .. labels])}";
    }

    // user_id fills UserId of UsageGroup.
    private static string MemberOf(string column) =>
        string.Concat(column.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static (string Sql, object[] Values) Source(UsageQuestion question)
    {
        List<object> values = [UtcTime.ToMicroseconds(question.From)];
        var sql =
            (
                question.LabelKind is { } kind ? string.Create(CultureInfo.InvariantCulture, $"FROM usage_by_label WHERE kind = {kind}")
                : question.Grain is { } grain
                    ? (
                        "FROM usage_totals WHERE grain = "
                        + $"{grain.Number}{(grain.Columns.Contains(UsageGrouping.User.Column) ? "" : " AND user_number = 0")}"
                    )
                : $"FROM {(question.IsDaily ? "usage_daily" : "usage_hourly")} WHERE TRUE"
            ) + " AND bucket_start >= {0}";
        if (question.Until is { } until)
        {
            values.Add(UtcTime.ToMicroseconds(until));
            sql += " AND bucket_start < {1}";
        }
        foreach (var (column, value) in question.Filters)
        {
            sql += UsageGrouping.IsLabelMember(column)
                ? $" AND label = {{{values.Count}}}"
                : $" AND {UsageGrouping.ColumnOf(column)} = (SELECT number FROM ledger_names WHERE name = {{{values.Count}}})";
            values.Add(value);
        }
        return (sql, [.. values]);
    }
}

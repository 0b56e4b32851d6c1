using System.Globalization;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>
/// Adds up the tables of sums, never the ledger's rows. SQL by hand, because the columns to group by are chosen by the question; they come from
/// <see cref="UsageGrouping"/>, and what a caller wrote goes in as parameters.
/// </summary>
internal static class UsageReport
{
    private static readonly string[] SumColumns =
    [
        "requests", "failed_requests", "estimated_requests", "input_tokens", "cache_read_tokens", "cache_write_tokens", "input_media_tokens", "output_tokens", "reasoning_tokens", "output_media_tokens",
        "total_cost_nano_usd", "output_cost_nano_usd", "upstream_cost_nano_usd",
    ];

    // PostgreSQL makes a sum of bigint a numeric.
    private static readonly string Sums = string.Join(", ", SumColumns.Select(c => $"CAST(COALESCE(SUM({c}), 0) AS bigint) AS {c}"));
    private static readonly string SumMembers = string.Join(", ", SumColumns.Select(c => $"g.{c} AS \"{MemberOf(c)}\""));

    /// <summary>A page of groups, how many there are, and the sums of all of them: one reading of the database.</summary>
    public static async Task<(List<UsageGroup> Groups, long Count, UsageGroup Total)> ReadPageAsync(
        HubDbContext db, StoreProvider store, UsageQuestion question, PageRequest page, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await store.BeginSnapshotAsync(db.Database.GetDbConnection(), cancellationToken);
        await db.Database.UseTransactionAsync(snapshot, cancellationToken);
        try
        {
            var groups = await Read(db, question, page).ToListAsync(cancellationToken);
            var (source, values) = Source(question);
            var count = await Ask<long>(db, $"SELECT COUNT(*) AS \"Value\" FROM (SELECT 1 AS one {source} GROUP BY {Columns(question.By)}) AS g", values).SingleAsync(cancellationToken);
            var total = await Ask<UsageGroup>(db, $"SELECT {KeyMembers([])}, {SumMembers} FROM (SELECT {Sums} {source}) AS g", values).SingleAsync(cancellationToken);
            return (groups, count, total);
        }
        finally
        {
            await db.Database.UseTransactionAsync(null, CancellationToken.None);
        }
    }

    /// <summary>The groups, the oldest first, then the dearest.</summary>
    /// <param name="db">The database.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="page">Which of them; null: all.</param>
    public static IQueryable<UsageGroup> Read(HubDbContext db, UsageQuestion question, PageRequest? page)
    {
        var (source, values) = Source(question);
        var names = question.By.Where(g => !g.IsTime).Select(g => $" LEFT JOIN {g.NamesTable} AS {g.Name}_names ON {g.Name}_names.id = g.{g.Column}");
        var order = question.By.Where(g => g.IsTime).Select(g => "g." + g.Column).Append("g.total_cost_nano_usd DESC").Concat(question.By.Where(g => !g.IsTime).Select(g => "g." + g.Column));
        var limit = page is { } p ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {p.Limit} OFFSET {p.Offset}") : "";
        return Ask<UsageGroup>(db,
            $"SELECT {KeyMembers(question.By)}, {SumMembers} FROM (SELECT {Columns(question.By)}, {Sums} {source} GROUP BY {Columns(question.By)}) AS g{string.Concat(names)} ORDER BY {string.Join(", ", order)}{limit}", values);
    }

    // Parts of the text are names of ours; what callers wrote is among the values.
    private static IQueryable<T> Ask<T>(HubDbContext db, string sql, object[] values) => db.Database.SqlQueryRaw<T>(sql, values);

    private static string Columns(IEnumerable<UsageGrouping> groupings) => string.Join(", ", groupings.Select(g => g.Column));

    // What is not grouped by is null, so that the rows of every question have one form.
    private static string KeyMembers(IReadOnlyList<UsageGrouping> by)
    {
        var times = by.Any(g => g.IsTime) ? "g.bucket_start" : "CAST(NULL AS timestamp)";
        var ids = UsageGrouping.All.Where(g => !g.IsTime).Select(g => by.Contains(g)
            ? $"g.{g.Column} AS \"{MemberOf(g.Column)}\", {g.Name}_names.{g.NameColumn} AS \"{MemberOf(g.Name)}Name\""
            : $"CAST(NULL AS text) AS \"{MemberOf(g.Column)}\", CAST(NULL AS text) AS \"{MemberOf(g.Name)}Name\"");
        return $"{times} AS \"BucketStart\", {string.Join(", ", ids)}";
    }

    // user_id fills UserId of UsageGroup.
    private static string MemberOf(string column) => string.Concat(column.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static (string Sql, object[] Values) Source(UsageQuestion question)
    {
        List<object> values = [question.From];
        var sql = $"FROM {question.Table} WHERE bucket_start >= {{0}}";
        if (question.Until is { } until)
        {
            values.Add(until);
            sql += " AND bucket_start < {1}";
        }
        foreach (var (column, value) in question.Filters)
        {
            sql += $" AND {column} = {{{values.Count}}}";
            values.Add(value);
        }
        return (sql, [.. values]);
    }
}

/// <summary>The sums of one group. Of its key only what was grouped by is there; tokens are apart by class, money is in nano-dollars.</summary>
internal sealed class UsageGroup
{
    public string? UserId { get; set; }

    public string? UserName { get; set; }

    public string? ApiKeyId { get; set; }

    public string? KeyName { get; set; }

    public string? ModelId { get; set; }

    public string? ModelName { get; set; }

    public string? TeamId { get; set; }

    public string? TeamName { get; set; }

    public string? TierId { get; set; }

    public string? TierName { get; set; }

    public DateTime? BucketStart { get; set; }

    public long Requests { get; set; }

    public long FailedRequests { get; set; }

    public long EstimatedRequests { get; set; }

    public long InputTokens { get; set; }

    public long CacheReadTokens { get; set; }

    public long CacheWriteTokens { get; set; }

    public long InputMediaTokens { get; set; }

    public long OutputTokens { get; set; }

    public long ReasoningTokens { get; set; }

    public long OutputMediaTokens { get; set; }

    public long TotalCostNanoUsd { get; set; }

    public long OutputCostNanoUsd { get; set; }

    public long UpstreamCostNanoUsd { get; set; }
}

using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// What SQLite's planner knows of the indexes of large tables (<c>sqlite_stat1</c>). Without it every index is as good as another: it would
/// look for a user's payments among all that are pending. Of small tables it knows nothing: it would read them from end to end, and go on
/// with that when they have grown.
/// </summary>
internal static class SqliteSamples
{
    private const long LeastRows = 10_000;

    // ANALYZE counts the rows of an index, whatever the limit of its sample: a gigabyte is read for twenty million messages, while nobody
    // else may write. So an index is sampled again only when its table is so much larger or smaller.
    private const long Growth = 4;

    private const string Tables = """
        SELECT name AS "Name", wr AS "IsWithoutRowId", 0 AS "SampledRows" FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
        """;

    private const string SampledTables = """
        SELECT t.name AS "Name", t.wr AS "IsWithoutRowId", COALESCE(MAX(CAST(s.stat AS INTEGER)), 0) AS "SampledRows"
        FROM pragma_table_list AS t LEFT JOIN sqlite_stat1 AS s ON s.tbl = t.name
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' GROUP BY t.name, t.wr
        """;

    // A unique index of one column finds one row, which the planner knows, and no limit holds for it: it would be read whole.
    private const string Indexes = """
        SELECT name AS "Value" FROM pragma_index_list({0}) AS i
        WHERE NOT (i."unique" AND (SELECT COUNT(*) FROM pragma_index_info(i.name)) = 1)
        """;

    /// <summary>Samples the indexes of tables that became large, or much larger or smaller, since they were sampled.</summary>
    public static async Task RenewAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken); // one connection for all: the limit is its own
        await db.Database.ExecuteSqlRawAsync("PRAGMA analysis_limit = 1000", cancellationToken);
        foreach (var table in await DueTablesAsync(db, cancellationToken))
        {
            foreach (var index in await db.Database.SqlQueryRaw<string>(Indexes, table).ToListAsync(cancellationToken))
            {
                var begun = Stopwatch.GetTimestamp();
                await db.Database.ExecuteSqlRawAsync(Analyze(index), cancellationToken);
                await Task.Delay(Stopwatch.GetElapsedTime(begun), cancellationToken); // SQLite gives writers that wait no turn
            }
        }
    }

    // One statement for the sizes of all tables: each start asks for them.
    private static async Task<IEnumerable<string>> DueTablesAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        var isSampled = await db
            .Database.SqlQueryRaw<long>("SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = 'sqlite_stat1'")
            .SingleAsync(cancellationToken);
        var tables = await db.Database.SqlQueryRaw<Table>(isSampled > 0 ? SampledTables : Tables).ToListAsync(cancellationToken);
        var sizes = string.Join(" UNION ALL ", tables.Select(SizeOf));
        var rows = await db.Database.SqlQueryRaw<long>(sizes).ToListAsync(cancellationToken);
        return tables.Zip(rows).Where(pair => IsDue(pair.First.SampledRows, pair.Second)).Select(pair => pair.First.Name);
    }

    // Row numbers are given in order and deleted from the old end: their span is near enough to the number of rows, and found at once.
    private static string SizeOf(Table table) =>
        table.IsWithoutRowId
            ? $"SELECT COUNT(*) AS \"Value\" FROM (SELECT 1 FROM \"{table.Name}\" LIMIT {Math.Max(LeastRows, table.SampledRows * Growth)})"
            : $"SELECT COALESCE(MAX(rowid) - MIN(rowid) + 1, 0) AS \"Value\" FROM \"{table.Name}\"";

    private static bool IsDue(long sampled, long rows) => rows >= LeastRows && (rows / Growth >= sampled || sampled / Growth >= rows);

    private static string Analyze(string index) => $"ANALYZE \"{index}\"";

    private sealed class Table
    {
        public required string Name { get; init; }

        public bool IsWithoutRowId { get; init; }

        public long SampledRows { get; init; }
    }
}

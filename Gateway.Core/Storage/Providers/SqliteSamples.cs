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
        SELECT name AS "Name", wr AS "IsWithoutRowId" FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
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
        foreach (var table in await db.Database.SqlQueryRaw<TableRow>(Tables).ToListAsync(cancellationToken))
        {
            if (!await IsDueAsync(db, table, cancellationToken))
            {
                continue;
            }
            foreach (var index in await db.Database.SqlQueryRaw<string>(Indexes, table.Name).ToListAsync(cancellationToken))
            {
                var begun = Stopwatch.GetTimestamp();
                await db.Database.ExecuteSqlRawAsync(Analyze(index), cancellationToken);
                await Task.Delay(Stopwatch.GetElapsedTime(begun), cancellationToken); // SQLite gives writers that wait no turn
            }
        }
    }

    private static async Task<bool> IsDueAsync(HubDbContext db, TableRow table, CancellationToken cancellationToken)
    {
        var isSampled = await NumberAsync(
            db,
            "SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = 'sqlite_stat1'",
            cancellationToken
        );
        var known =
            isSampled == 0
                ? 0
                : await NumberAsync(
                    db,
                    $"SELECT COALESCE(MAX(CAST(stat AS INTEGER)), 0) AS \"Value\" FROM sqlite_stat1 WHERE tbl = '{table.Name}'",
                    cancellationToken
                );
        // Row numbers are given in order and deleted from the old end: their span is near enough to the number of rows, and found at once
        var rows = await NumberAsync(
            db,
            table.IsWithoutRowId
                ? $"SELECT COUNT(*) AS \"Value\" FROM (SELECT 1 FROM \"{table.Name}\" LIMIT {Math.Max(LeastRows, known * Growth)})"
                : $"SELECT COALESCE(MAX(rowid) - MIN(rowid) + 1, 0) AS \"Value\" FROM \"{table.Name}\"",
            cancellationToken
        );
        return rows >= LeastRows && (rows / Growth >= known || known / Growth >= rows);
    }

    private static string Analyze(string index) => $"ANALYZE \"{index}\"";

    private static Task<long> NumberAsync(HubDbContext db, string sql, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<long>(sql).SingleAsync(cancellationToken);

    private sealed class TableRow
    {
        public required string Name { get; init; }

        public bool IsWithoutRowId { get; init; }
    }
}

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// Inserts that meet rows that stand already. Sums stop at the end of their range: SQLite would turn them into floating point, the others
/// refuse the statement.
/// </summary>
internal static class OnConflictSql
{
    private const string MoneyEnding = "_nano_usd";

    /// <summary><c>INSERT ... ON CONFLICT</c>, which SQLite and PostgreSQL write the same way.</summary>
    public static string Upsert(
        string table,
        IReadOnlyList<string> columns,
        string values,
        IReadOnlyList<string> key,
        IReadOnlyList<string> added,
        IReadOnlyList<string> latest
    ) =>
        $"{Insert(table, columns, values)} ON CONFLICT ({string.Join(", ", key)}) DO UPDATE "
        + $"SET {Updates(table, added, latest, column => $"excluded.{column}")}";

    /// <summary>The same, where the row that stands already becomes the new one.</summary>
    public static string Replace(string table, IReadOnlyList<string> columns, string values, IReadOnlyList<string> key) =>
        $"{Insert(table, columns, values)} ON CONFLICT ({string.Join(", ", key)}) DO UPDATE "
        + $"SET {string.Join(", ", columns.Except(key).Select(c => $"{c} = excluded.{c}"))}";

    /// <summary><c>INSERT ... ON CONFLICT DO NOTHING RETURNING</c>.</summary>
    public static string InsertNew(string table, IReadOnlyList<string> columns, string values, string key, string? returned) =>
        $"{Insert(table, columns, values)} ON CONFLICT ({key}) DO NOTHING RETURNING {returned ?? key}";

    /// <summary><c>INSERT INTO ... VALUES</c>.</summary>
    public static string Insert(string table, IReadOnlyList<string> columns, string values) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {values}";

    /// <summary>What is set where the row stands already.</summary>
    /// <param name="table">The table.</param>
    /// <param name="added">Columns that are added up.</param>
    /// <param name="latest">Columns that keep the greater value.</param>
    /// <param name="incoming">SQL for the value of a column that was to be inserted.</param>
    public static string Updates(string table, IReadOnlyList<string> added, IReadOnlyList<string> latest, Func<string, string> incoming) =>
        string.Join(
            ", ",
            added
                .Select(c => $"{c} = {SumOf($"{table}.{c}", incoming(c), MostOf(c))}")
                .Concat(latest.Select(c => $"{c} = CASE WHEN {incoming(c)} > {table}.{c} THEN {incoming(c)} ELSE {table}.{c} END"))
        );

    private static long MostOf(string column) =>
        column.EndsWith(MoneyEnding, StringComparison.Ordinal) ? long.MaxValue : Saturating.LargestCount;

    // No part of it leaves the range of 64 bits. The smallest number itself is left out: there is no literal for it.
    private static string SumOf(string standing, string incoming, long most) =>
        $"CASE WHEN {incoming} > 0 AND {standing} > {most} - {incoming} THEN {most} "
        + $"WHEN {incoming} < 0 AND {standing} < -{most} - {incoming} THEN -{most} ELSE {standing} + {incoming} END";
}

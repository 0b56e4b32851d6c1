namespace Gateway.Core.Storage.Providers;

/// <summary>
/// <c>INSERT ... ON CONFLICT</c>, which SQLite and PostgreSQL write the same way. Sums stop at the end of their range: SQLite would turn
/// them into floating point, PostgreSQL refuse the statement.
/// </summary>
internal static class OnConflictSql
{
    private const string MoneyEnding = "_nano_usd";

    public static string Upsert(
        string table,
        IReadOnlyList<string> columns,
        string values,
        IReadOnlyList<string> key,
        IReadOnlyList<string> added,
        IReadOnlyList<string> latest
    )
    {
        var updates = added
            .Select(c => $"{c} = {SumOf(table, c)}")
            .Concat(latest.Select(c => $"{c} = CASE WHEN excluded.{c} > {table}.{c} THEN excluded.{c} ELSE {table}.{c} END"));
        return $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {values} ON CONFLICT ({string.Join(", ", key)}) DO UPDATE "
            + $"SET {string.Join(", ", updates)}";
    }

    // No part of it leaves the range of 64 bits. The smallest number itself is left out: there is no literal for it.
    private static string SumOf(string table, string column)
    {
        var most = column.EndsWith(MoneyEnding, StringComparison.Ordinal) ? long.MaxValue : Saturating.LargestCount;
        return $"CASE WHEN excluded.{column} > 0 AND {table}.{column} > {most} - excluded.{column} THEN {most} "
            + $"WHEN excluded.{column} < 0 AND {table}.{column} < -{most} - excluded.{column} THEN -{most} ELSE {table}.{column} + "
            + $"excluded.{column} END";
    }

    public static string InsertNew(string table, IReadOnlyList<string> columns, string values, string key, string? returned) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {values} ON CONFLICT ({key}) DO NOTHING RETURNING {returned ?? key}";
}

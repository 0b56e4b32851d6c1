namespace Gateway.Core.Storage.Providers;

/// <summary><c>INSERT ... ON CONFLICT</c>, which SQLite and PostgreSQL write the same way.</summary>
internal static class OnConflictSql
{
    public static string Upsert(string table, IReadOnlyList<string> columns, string values, IReadOnlyList<string> key, IReadOnlyList<string> added, IReadOnlyList<string> latest)
    {
        var updates = added.Select(c => $"{c} = {table}.{c} + excluded.{c}").Concat(latest.Select(c => $"{c} = CASE WHEN excluded.{c} > {table}.{c} THEN excluded.{c} ELSE {table}.{c} END"));
        return $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {values} ON CONFLICT ({string.Join(", ", key)}) DO UPDATE SET {string.Join(", ", updates)}";
    }

    public static string InsertNew(string table, IReadOnlyList<string> columns, string values, string key) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {values} ON CONFLICT ({key}) DO NOTHING RETURNING {key}";
}

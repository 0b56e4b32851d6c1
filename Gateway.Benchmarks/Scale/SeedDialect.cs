using Gateway.Core.Storage.Providers;

namespace Gateway.Benchmarks.Scale;

/// <summary>The few words in which the seeding SQL differs between databases.</summary>
internal abstract class SeedDialect
{
    public static SeedDialect For(StoreProvider store) =>
        store.Name switch
        {
            "sqlite" => new Sqlite(),
            "postgres" => new Postgres(),
            _ => new MySql(),
        };

    /// <summary>Statements that make this session fast and careless: a seeded database that a crash broke is seeded again.</summary>
    public abstract IReadOnlyList<string> Hurry { get; }

    /// <summary>Statements that end the seeding.</summary>
    public abstract IReadOnlyList<string> Finish { get; }

    /// <summary>Drops an index of a table.</summary>
    public virtual string DropIndex(string table, string index) => $"DROP INDEX {index}";

    /// <summary>
    /// After SELECT: join in the order in which the tables stand. MariaDB would begin with the names, again for every number.
    /// </summary>
    public virtual string InOrder => "";

    /// <summary>Whole numbers divided, rounded towards zero.</summary>
    public virtual string Divide(string dividend, string divisor) => $"({dividend}) / ({divisor})";

    /// <summary>The definitions of a table's secondary indexes, by name: two columns.</summary>
    public abstract string IndexesOf(string table);

    /// <summary>A row source with the column <c>n</c> from 1 to <paramref name="count"/>.</summary>
    public abstract string Numbers(long count);

    /// <summary>An id of the form and order of the product's own (UUID version 7) made of a number.</summary>
    public abstract string Id(string number);

    /// <summary>The id of a call as the ledger keeps it, made of a number below 10^16.</summary>
    public abstract string CallId(string number);

    /// <summary>A time of the ledger, in microseconds, in the form that other tables have.</summary>
    public abstract string TimeOf(string microseconds);

    /// <summary>A number as text of 16 digits.</summary>
    public abstract string Digits(string number);

    /// <summary>A time, some seconds after a moment, in the stored form.</summary>
    public abstract string Time(DateTime start, string seconds);

    /// <summary>The start of the hour or day of a stored time.</summary>
    public abstract string Bucket(string time, bool isHour);

    /// <summary>A constant time.</summary>
    public abstract string Constant(DateTime time);

    public string True => Flag(true);

    public string False => Flag(false);

    protected abstract string Flag(bool value);

    private sealed class Sqlite : SeedDialect
    {
        public override IReadOnlyList<string> Hurry =>
            ["PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -2000000", "PRAGMA temp_store = MEMORY"];

        public override IReadOnlyList<string> Finish => ["PRAGMA journal_mode = WAL", "PRAGMA analysis_limit = 1000; ANALYZE"];

        public override string IndexesOf(string table) =>
            $"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL";

        public override string Numbers(long count) =>
            $"(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) SELECT n FROM numbers) "
            + "AS numbers";

        public override string Id(string number) => $"printf('01900000-0000-7000-8000-%012d', {number})";

        public override string CallId(string number) => $"unhex(printf('0190000000007000%016d', {number}))";

        public override string TimeOf(string microseconds) => $"strftime('%Y-%m-%d %H:%M:%S', {microseconds} / 1000000, 'unixepoch')";

        public override string Digits(string number) => $"printf('%016d', {number})";

        // As EF Core writes times, in whole seconds.
        public override string Time(DateTime start, string seconds) =>
            $"strftime('%Y-%m-%d %H:%M:%S', {new DateTimeOffset(start).ToUnixTimeSeconds()} + {seconds}, 'unixepoch')";

        public override string Bucket(string time, bool isHour) =>
            isHour ? $"substr({time}, 1, 13) || ':00:00'" : $"substr({time}, 1, 10) || ' 00:00:00'";

        public override string Constant(DateTime time) => $"'{time:yyyy-MM-dd HH:mm:ss}'";

        protected override string Flag(bool value) => value ? "1" : "0";
    }

    private sealed class Postgres : SeedDialect
    {
        public override IReadOnlyList<string> Hurry =>
            ["SET synchronous_commit = off", "SET work_mem = '512MB'", "SET maintenance_work_mem = '1GB'", "SET jit = off"];

        public override IReadOnlyList<string> Finish => ["VACUUM ANALYZE"]; // autovacuum does it in its own time

        public override string IndexesOf(string table) =>
            $"SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = '{table}' AND NOT EXISTS (SELECT 1 FROM "
            + "pg_constraint c WHERE c.conname = i.indexname)";

        public override string Numbers(long count) => $"generate_series(1::bigint, {count}) AS numbers(n)";

        public override string Id(string number) => $"'01900000-0000-7000-8000-' || lpad(({number})::text, 12, '0')";

        public override string CallId(string number) => $"('0190000000007000' || lpad(({number})::text, 16, '0'))::uuid";

        public override string TimeOf(string microseconds) => $"to_timestamp({microseconds} / 1000000)";

        public override string Digits(string number) => $"lpad(({number})::text, 16, '0')";

        public override string Time(DateTime start, string seconds) =>
            $"to_timestamp({new DateTimeOffset(start).ToUnixTimeSeconds()} + ({seconds}))";

        public override string Bucket(string time, bool isHour) => $"date_trunc('{(isHour ? "hour" : "day")}', {time}, 'UTC')";

        public override string Constant(DateTime time) => $"timestamptz '{time:yyyy-MM-dd HH:mm:ss}Z'";

        protected override string Flag(bool value) => value ? "TRUE" : "FALSE";
    }

    private sealed class MySql : SeedDialect
    {
        public override IReadOnlyList<string> Hurry => ["SET foreign_key_checks = 0", "SET unique_checks = 0"];

        public override IReadOnlyList<string> Finish => ["SET foreign_key_checks = 1", "SET unique_checks = 1"];

        public override string DropIndex(string table, string index) => $"DROP INDEX {index} ON {table}";

        public override string InOrder => "STRAIGHT_JOIN ";

        public override string Divide(string dividend, string divisor) => $"({dividend}) DIV ({divisor})";

        // Those of foreign keys stay: the server does not drop them.
        public override string IndexesOf(string table) =>
            "SELECT s.index_name, CONCAT('CREATE ', CASE MIN(s.non_unique) WHEN 0 THEN 'UNIQUE ' ELSE '' END, 'INDEX ', s.index_name, "
            + "' ON ', s.table_name, ' (', GROUP_CONCAT(CONCAT('`', s.column_name, '`') ORDER BY s.seq_in_index), ')') "
            + $"FROM information_schema.statistics s WHERE s.table_schema = DATABASE() AND s.table_name = '{table}' "
            + "AND s.index_name <> 'PRIMARY' AND NOT EXISTS (SELECT 1 FROM information_schema.key_column_usage k "
            + "JOIN information_schema.statistics f ON f.table_schema = k.table_schema AND f.table_name = k.table_name "
            + "AND f.column_name = k.column_name AND f.seq_in_index = 1 WHERE k.table_schema = s.table_schema "
            + "AND k.table_name = s.table_name AND k.referenced_table_name IS NOT NULL AND f.index_name = s.index_name) "
            + "GROUP BY s.table_name, s.index_name";

        // Of digits, because how deep a recursion may go is an option of the server.
        public override string Numbers(long count)
        {
            const string digits =
                "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 "
                + "UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
            var places = Enumerable.Range(0, $"{count - 1}".Length).ToList();
            var number = string.Join(" + ", places.Select(p => $"d{p}.d * {Math.Pow(10, p):F0}").Prepend("1"));
            var all = string.Join(" CROSS JOIN ", places.Select(p => $"{digits} AS d{p}"));
            return $"(SELECT every.n FROM (SELECT {number} AS n FROM {all}) AS every WHERE every.n <= {count}) AS numbers";
        }

        public override string Id(string number) => $"CONCAT('01900000-0000-7000-8000-', LPAD({number}, 12, '0'))";

        public override string CallId(string number) => $"UNHEX(CONCAT('0190000000007000', LPAD({number}, 16, '0')))";

        public override string TimeOf(string microseconds) => $"FROM_UNIXTIME({microseconds} DIV 1000000)";

        public override string Digits(string number) => $"LPAD({number}, 16, '0')";

        public override string Time(DateTime start, string seconds) =>
            $"FROM_UNIXTIME({new DateTimeOffset(start).ToUnixTimeSeconds()} + FLOOR({seconds}))";

        public override string Bucket(string time, bool isHour) =>
            $"CAST(DATE_FORMAT({time}, '{(isHour ? "%Y-%m-%d %H:00:00" : "%Y-%m-%d 00:00:00")}') AS datetime)";

        public override string Constant(DateTime time) => $"'{time:yyyy-MM-dd HH:mm:ss}'";

        protected override string Flag(bool value) => value ? "TRUE" : "FALSE";
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>
/// The ledger in a third of the room: 16 bytes for an id, numbers for texts that repeat, nothing for zeros (docs/decisions/ledger-rows.md).
/// Entries and sums are carried over in one transaction; a start that is broken off begins again. It needs free room for both forms, and
/// about a minute for a million calls.
/// </summary>
[DbContext(typeof(HubDbContext))]
[Migration(Id)]
internal sealed class NarrowLedger : Migration
{
    public const string Id = "20261130130000_NarrowLedger";

    private const string Counts =
        "requests, counted_requests, failed_requests, estimated_requests, prepaid_requests, input_tokens, cache_read_tokens, "
        + "cache_write_tokens, input_media_tokens, output_tokens, reasoning_tokens, output_media_tokens, total_cost_nano_usd, "
        + "output_cost_nano_usd, upstream_cost_nano_usd";

    private static readonly string[] Ids = ["user_id", "api_key_id", "model_id", "team_id", "tier_id"];
    private static readonly string[] OtherClasses =
    [
        "cache_write_tokens",
        "cache_write1h_tokens",
        "input_audio_tokens",
        "input_image_tokens",
        "input_video_tokens",
        "output_audio_tokens",
        "output_image_tokens",
    ];

    protected override void Up(MigrationBuilder migration)
    {
        var sql = NarrowLedgerSql.Of(migration.ActiveProvider);
        CreateDictionary(migration, sql);
        CreateEntries(migration, sql);
        CreateSums(migration, sql, "narrow_hourly", hasGrain: false, hasKey: true);
        CreateSums(migration, sql, "narrow_daily", hasGrain: false, hasKey: true);
        CreateSums(migration, sql, "narrow_totals", hasGrain: true, hasKey: false);
        CarryOver(migration, sql);
        migration.DropTable("usage_records");
        foreach (var table in new[] { "hourly", "daily", "totals" })
        {
            migration.DropTable($"usage_{table}");
            migration.RenameTable($"narrow_{table}", newName: $"usage_{table}");
        }
        CreateIndexes(migration, sql);
        if (sql.ByKey.Length > 0)
        {
            StandByKey(
                migration,
                sql,
                "api_key_usage",
                "api_key_id TEXT NOT NULL, model_id TEXT NOT NULL, request_count INTEGER NOT NULL, "
                    + "total_cost_nano_usd INTEGER NOT NULL, last_used_at TEXT NOT NULL",
                "api_key_id, model_id"
            );
            StandByKey(
                migration,
                sql,
                "budget_spend",
                "budget_id TEXT NOT NULL, subject_id TEXT NOT NULL, window_start TEXT NOT NULL, "
                    + "spent_nano_usd INTEGER NOT NULL, updated_at TEXT NOT NULL",
                "budget_id, window_start, subject_id"
            );
            StandByKey(
                migration,
                sql,
                "user_accounts",
                "user_id TEXT NOT NULL, balance_nano_usd INTEGER NOT NULL, "
                    + "total_spent_nano_usd INTEGER NOT NULL, updated_at TEXT NOT NULL",
                "user_id"
            );
            migration.CreateIndex("ix_user_accounts_updated_at", "user_accounts", "updated_at");
        }
    }

    // Numbers could be made texts again, but nobody has tried that with the next version's rows.
    protected override void Down(MigrationBuilder migration) =>
        throw new NotSupportedException("The ledger's rows are not widened again: go back to the copy of the database from before.");

    private static void CreateDictionary(MigrationBuilder migration, NarrowLedgerSql sql)
    {
        migration.Sql(
            $"""
            CREATE TABLE ledger_names (
                number {sql.Counted} NOT NULL,
                name {sql.Text(64)} NOT NULL,
                CONSTRAINT pk_ledger_names PRIMARY KEY (number)
            )
            """
        );
        migration.Sql(
            $"""
            CREATE TABLE ledger_traits (
                number {sql.Counted} NOT NULL,
                model_name {sql.Text(255)} NOT NULL,
                provider {sql.Text(100)} NULL,
                upstream_model_id {sql.Text(255)} NULL,
                tier_number {sql.Number} NOT NULL,
                call_type {sql.Text(50)} NOT NULL,
                status {sql.Text(20)} NOT NULL,
                outcome {sql.Text(50)} NOT NULL,
                http_status {sql.Number} NOT NULL,
                is_stream {sql.Flag} NOT NULL,
                service_tier {sql.Text(20)} NOT NULL,
                usage_source {sql.Text(20)} NOT NULL,
                is_counted {sql.Flag} NOT NULL,
                cache_hit {sql.Flag} NOT NULL,
                attempts {sql.Number} NOT NULL,
                CONSTRAINT pk_ledger_traits PRIMARY KEY (number)
            )
            """
        );
    }

    // In SQLite the rows stand in the order in which they came, and not by their key: five indexes would each hold 16 bytes more. Wide
    // columns come first, because PostgreSQL fills up to multiples of their size.
    private static void CreateEntries(MigrationBuilder migration, NarrowLedgerSql sql) =>
        migration.Sql(
            $"""
            CREATE TABLE ledger_entries (
                id {sql.Id} NOT NULL,
                admitted_at {sql.Wide} NOT NULL,
                took {sql.Wide} NOT NULL,
                total_cost_nano_usd {sql.Wide} NOT NULL,
                output_cost_nano_usd {sql.Wide} NULL,
                input_tokens {sql.Wide} NULL,
                output_tokens {sql.Wide} NULL,
                first_byte_after {sql.Wide} NULL,
                held_nano_usd {sql.Wide} NULL,
                upstream_cost_nano_usd {sql.Wide} NULL,
                cache_read_tokens {sql.Wide} NULL,
                reasoning_tokens {sql.Wide} NULL,
                other_tokens {sql.Wide} NULL,
                user_number {sql.Number} NOT NULL,
                model_number {sql.Number} NOT NULL,
                traits_number {sql.Number} NOT NULL,
                api_key_number {sql.Number} NULL,
                team_number {sql.Number} NULL,
                is_prepaid {sql.Flag} NOT NULL,
                is_bound {sql.Flag} NOT NULL,
                external_request_id {sql.Text(255)} NULL,
                client_request_id {sql.Text(64)} NULL,
                other_usage {sql.Text(500)} NULL,
                corrects_id {sql.Id} NULL,
                CONSTRAINT pk_ledger_entries PRIMARY KEY (id)
            )
            """
        );

    private static void CreateSums(MigrationBuilder migration, NarrowLedgerSql sql, string table, bool hasGrain, bool hasKey)
    {
        string[] key = hasGrain
            ? ["grain", "user_number", "bucket_start", "team_number", "model_number", "tier_number"]
            : ["bucket_start", "user_number", "api_key_number", "model_number", "team_number", "tier_number"];
        var columns = new[] { "bucket_start" }
            .Concat(Counts.Split(", "))
            .Select(c => $"{c} {sql.Wide} NOT NULL")
            .Concat(key.Where(c => c != "bucket_start").Select(c => $"{c} {sql.Number} NOT NULL"));
        migration.Sql(
            $"CREATE TABLE {table} ({string.Join(", ", columns)}, "
                + $"CONSTRAINT pk_{table} PRIMARY KEY ({string.Join(", ", key)})){sql.ByKey}"
        );
    }

    private static void CarryOver(MigrationBuilder migration, NarrowLedgerSql sql)
    {
        var names = Ids.Select(id => $"SELECT {id} AS name FROM usage_records WHERE {id} IS NOT NULL")
            .Concat(Ids.Select(id => $"SELECT {id} FROM usage_daily WHERE {id} <> ''"))
            .Concat(Ids.Select(id => $"SELECT {id} FROM usage_hourly WHERE {id} <> ''"))
            .Concat(Ids.Where(id => id != "api_key_id").Select(id => $"SELECT {id} FROM usage_totals WHERE {id} <> ''"));
        migration.Sql($"INSERT INTO ledger_names (name) SELECT name FROM ({string.Join(" UNION ", names)}) AS known ORDER BY name");
        migration.CreateIndex("ix_ledger_names_name", "ledger_names", "name", unique: true);
        migration.Sql(
            """
            INSERT INTO ledger_traits (model_name, provider, upstream_model_id, tier_number, call_type, status, outcome, http_status,
                is_stream, service_tier, usage_source, is_counted, cache_hit, attempts)
            SELECT DISTINCT r.model_name, r.provider, r.upstream_model_id, tier.number, r.call_type, r.status, r.outcome, r.http_status,
                r.is_stream, r.service_tier, r.usage_source, r.is_counted, r.cache_hit, r.attempts
            FROM usage_records AS r JOIN ledger_names AS tier ON tier.name = r.tier_id
            """
        );
        var others = string.Join(" + ", OtherClasses.Select(c => $"r.{c}"));
        var words = OtherClasses.Append("web_searches").Select(c => $"CASE WHEN r.{c} > 0 THEN CONCAT(' {WordOf(c)}=', r.{c}) ELSE '' END");
        migration.Sql(
            $"""
            INSERT INTO ledger_entries (id, corrects_id, admitted_at, took, first_byte_after, user_number, api_key_number, team_number,
                model_number, traits_number, is_prepaid, is_bound, input_tokens, cache_read_tokens, output_tokens, reasoning_tokens,
                other_tokens, other_usage, total_cost_nano_usd, output_cost_nano_usd, held_nano_usd, upstream_cost_nano_usd,
                external_request_id, client_request_id)
            SELECT {sql.IdOf("r.id")}, {sql.IdOf("r.corrects_id")}, {sql.TimeOf("r.admitted_at")},
                {sql.TimeOf("r.ended_at")} - {sql.TimeOf("r.admitted_at")}, {sql.TimeOf("r.first_byte_at")} - {sql.TimeOf("r.admitted_at")},
                caller.number, api_key.number, team.number, model.number, t.number, r.is_prepaid, {sql.FlagOf("r.usage_source = 'bound'")},
                NULLIF(r.input_tokens, 0), NULLIF(r.cache_read_tokens, 0), NULLIF(r.output_tokens, 0), NULLIF(r.reasoning_tokens, 0),
                NULLIF({others}, 0), NULLIF(TRIM(CONCAT({string.Join(", ", words)})), ''), r.total_cost_nano_usd,
                NULLIF(r.output_cost_nano_usd, 0), NULLIF(r.held_nano_usd, 0), r.upstream_cost_nano_usd, r.external_request_id,
                r.client_request_id
            FROM usage_records AS r
            JOIN ledger_names AS caller ON caller.name = r.user_id
            JOIN ledger_names AS model ON model.name = r.model_id
            JOIN ledger_names AS tier ON tier.name = r.tier_id
            LEFT JOIN ledger_names AS api_key ON api_key.name = r.api_key_id
            LEFT JOIN ledger_names AS team ON team.name = r.team_id
            JOIN ledger_traits AS t ON t.model_name = r.model_name AND t.tier_number = tier.number AND t.call_type = r.call_type
                AND t.status = r.status AND t.outcome = r.outcome AND t.http_status = r.http_status AND t.is_stream = r.is_stream
                AND t.service_tier = r.service_tier AND t.usage_source = r.usage_source AND t.is_counted = r.is_counted
                AND t.cache_hit = r.cache_hit AND t.attempts = r.attempts AND COALESCE(t.provider, '') = COALESCE(r.provider, '')
                AND COALESCE(t.upstream_model_id, '') = COALESCE(r.upstream_model_id, '')
                AND (t.provider IS NULL) = (r.provider IS NULL)
                AND (t.upstream_model_id IS NULL) = (r.upstream_model_id IS NULL)
            """
        );
        CarryOverSums(migration, sql, "hourly", Ids, "");
        CarryOverSums(migration, sql, "daily", Ids, "");
        CarryOverSums(migration, sql, "totals", [.. Ids.Where(id => id != "api_key_id")], sql.GrainOf("s.grain"));
    }

    // As TokenClasses names it.
    private static string WordOf(string column) =>
        column.Replace("write1h", "write_1h", StringComparison.Ordinal).Replace("_tokens", "", StringComparison.Ordinal);

    private static void CarryOverSums(MigrationBuilder migration, NarrowLedgerSql sql, string table, string[] ids, string grain)
    {
        var numbers = string.Join(", ", ids.Select(id => id.Replace("_id", "_number", StringComparison.Ordinal)));
        var values = string.Join(", ", ids.Select(id => $"COALESCE({id}s.number, 0)"));
        var joins = string.Join(" ", ids.Select(id => $"LEFT JOIN ledger_names AS {id}s ON {id}s.name = s.{id}"));
        migration.Sql(
            $"INSERT INTO narrow_{table} ({(grain.Length > 0 ? "grain, " : "")}bucket_start, {numbers}, {Counts}) SELECT "
                + $"{(grain.Length > 0 ? grain + ", " : "")}{sql.TimeOf("s.bucket_start")}, {values}, {Counts} "
                + $"FROM usage_{table} AS s {joins}"
        );
    }

    // Counters that calls change: without a second copy of their keys each takes half of the room, and of the writer's time.
    private static void StandByKey(MigrationBuilder migration, NarrowLedgerSql sql, string table, string columns, string key)
    {
        var names = string.Join(", ", columns.Split(", ").Select(c => c.Split(' ')[0]));
        migration.Sql($"CREATE TABLE narrow_{table} ({columns}, CONSTRAINT pk_{table} PRIMARY KEY ({key})){sql.ByKey}");
        migration.Sql($"INSERT INTO narrow_{table} ({names}) SELECT {names} FROM {table}");
        migration.DropTable(table);
        migration.RenameTable($"narrow_{table}", newName: table);
    }

    private static void CreateIndexes(MigrationBuilder migration, NarrowLedgerSql sql)
    {
        const string entries = "ledger_entries";
        migration.CreateIndex("ix_ledger_entries_user_number_admitted_at", entries, ["user_number", "admitted_at"]);
        migration.CreateIndex("ix_ledger_entries_model_number_admitted_at", entries, ["model_number", "admitted_at"]);
        migration.CreateIndex("ix_ledger_entries_admitted_at", entries, "admitted_at");
        migration.CreateIndex(
            "ix_ledger_entries_team_number_admitted_at",
            entries,
            ["team_number", "admitted_at"],
            filter: "team_number IS NOT NULL"
        );
        migration.CreateIndex("ix_ledger_entries_prepaid", entries, sql.OfFlag("is_prepaid", "admitted_at"), filter: "is_prepaid");
        migration.CreateIndex("ix_ledger_entries_bound", entries, sql.OfFlag("is_bound", "admitted_at"), filter: "is_bound");
        migration.CreateIndex("ix_ledger_entries_corrects_id", entries, "corrects_id", unique: true, filter: "corrects_id IS NOT NULL");
        migration.CreateIndex("ix_usage_hourly_user_number_bucket_start", "usage_hourly", ["user_number", "bucket_start"]);
        migration.CreateIndex("ix_usage_hourly_api_key_number_bucket_start", "usage_hourly", ["api_key_number", "bucket_start"]);
        migration.CreateIndex("ix_usage_daily_user_number_bucket_start", "usage_daily", ["user_number", "bucket_start"]);
        migration.CreateIndex("ix_usage_daily_team_number_bucket_start", "usage_daily", ["team_number", "bucket_start"]);
        migration.CreateIndex("ix_usage_daily_api_key_number_bucket_start", "usage_daily", ["api_key_number", "bucket_start"]);
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>End users and tags: in the ledger, in sums by day, and as what a budget is for.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130190000_Attribution")]
internal sealed class Attribution : Migration
{
    private const string Sums =
        "requests, counted_requests, failed_requests, estimated_requests, prepaid_requests, input_tokens, cache_read_tokens, "
        + "cache_write_tokens, input_media_tokens, output_tokens, reasoning_tokens, output_media_tokens, total_cost_nano_usd, "
        + "output_cost_nano_usd, upstream_cost_nano_usd";

    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<string>("end_user", "ledger_entries", maxLength: 64, nullable: true);
        migration.AddColumn<string>("tags", "ledger_entries", maxLength: 1_100, nullable: true);
        migration.AddColumn<int>("folded_labels", "ledger_entries", nullable: true);
        migration.CreateIndex(
            "ix_ledger_entries_end_user_admitted_at",
            "ledger_entries",
            ["end_user", "admitted_at"],
            filter: "end_user IS NOT NULL"
        );
        CreateSums(migration, NarrowLedgerSql.Of(migration.ActiveProvider));
        migration.AddColumn<string>("end_user", "budgets", maxLength: 64, nullable: true);
        Widen(migration, 64);
    }

    protected override void Down(MigrationBuilder migration)
    {
        Widen(migration, 36);
        migration.Sql("ALTER TABLE budgets DROP COLUMN end_user");
        migration.DropTable("usage_by_label");
        migration.DropIndex("ix_ledger_entries_end_user_admitted_at", "ledger_entries");
        migration.Sql("ALTER TABLE ledger_entries DROP COLUMN folded_labels");
        migration.Sql("ALTER TABLE ledger_entries DROP COLUMN tags");
        migration.Sql("ALTER TABLE ledger_entries DROP COLUMN end_user");
    }

    private static void CreateSums(MigrationBuilder migration, NarrowLedgerSql sql)
    {
        var columns = new[] { "bucket_start" }.Concat(Sums.Split(", ")).Select(c => $"{c} {sql.Wide} NOT NULL");
        migration.Sql(
            $"""
            CREATE TABLE usage_by_label (
                {string.Join(", ", columns)},
                user_number {sql.Number} NOT NULL,
                kind {sql.Number} NOT NULL,
                model_number {sql.Number} NOT NULL,
                label {sql.Text(64)} NOT NULL,
                CONSTRAINT pk_usage_by_label PRIMARY KEY (kind, bucket_start, user_number, label)
            ){sql.ByKey}
            """
        );
        migration.CreateIndex("ix_usage_by_label_user_number_bucket_start", "usage_by_label", ["user_number", "bucket_start"]);
    }

    // A budget of each end user has an account for each of their names. SQLite does not look at lengths.
    private static void Widen(MigrationBuilder migration, int length)
    {
        if (migration.ActiveProvider?.Contains("Npgsql", StringComparison.Ordinal) == true)
        {
            migration.Sql($"ALTER TABLE budget_spend ALTER COLUMN subject_id TYPE character varying({length})");
        }
        else if (migration.ActiveProvider?.Contains("MySql", StringComparison.Ordinal) == true)
        {
            migration.Sql($"ALTER TABLE budget_spend MODIFY subject_id varchar({length}) NOT NULL");
        }
    }
}

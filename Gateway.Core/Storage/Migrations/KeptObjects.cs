using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>What upstreams keep for users: conversations, files and batches.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130180000_KeptObjects")]
internal sealed class KeptObjects : Migration
{
    private const int LongestId = 191;
    private const int LongestName = 64;

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            "kept_objects",
            table => new
            {
                id = table.Column<string>(maxLength: LongestId, nullable: false),
                upstream = table.Column<string>(maxLength: LongestName, nullable: false),
                kind = table.Column<string>(maxLength: 16, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                purpose = table.Column<string>(maxLength: 32, nullable: true),
                batch_id = table.Column<string>(maxLength: LongestId, nullable: true),
                content = table.Column<string>(nullable: true),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("pk_kept_objects", t => new { t.id, t.upstream })
        );
        migration.CreateIndex("ix_kept_objects_user_id_kind_created_at", "kept_objects", ["user_id", "kind", "created_at"]);
        migration.CreateTable(
            "batch_files",
            table => new
            {
                id = table.Column<string>(maxLength: LongestId, nullable: false),
                upstream = table.Column<string>(maxLength: LongestName, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                endpoint = table.Column<string>(maxLength: 64, nullable: false),
                lines = table.Column<int>(nullable: false),
                bound_nano_usd = table.Column<long>(nullable: false),
                largest_nano_usd = table.Column<long>(nullable: false),
                input_tokens = table.Column<long>(nullable: false),
                output_tokens = table.Column<long>(nullable: false),
                prices = table.Column<string>(nullable: false),
                refusal = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("pk_batch_files", t => new { t.id, t.upstream })
        );
        migration.CreateTable(
            "batch_calls",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                batch_id = table.Column<string>(maxLength: LongestId, nullable: false),
                upstream = table.Column<string>(maxLength: LongestName, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                endpoint = table.Column<string>(maxLength: 64, nullable: false),
                largest_nano_usd = table.Column<long>(nullable: false),
                prices = table.Column<string>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("pk_batch_calls", t => t.id)
        );
    }

    protected override void Down(MigrationBuilder migration)
    {
        foreach (var table in new[] { "batch_calls", "batch_files", "kept_objects" })
        {
            migration.DropTable(table);
        }
    }
}

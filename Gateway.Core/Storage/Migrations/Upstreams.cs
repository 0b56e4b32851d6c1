using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>Upstreams, the models that stand at them, and in the ledger the upstream that answered.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130151500_Upstreams")]
internal sealed class Upstreams : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            "upstreams",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                name = table.Column<string>(maxLength: 64, nullable: false),
                kind = table.Column<string>(maxLength: 32, nullable: false),
                base_url = table.Column<string>(maxLength: 2_000, nullable: false),
                sealed_key = table.Column<string>(nullable: true),
                folder_id = table.Column<string>(maxLength: 64, nullable: true),
                provider = table.Column<string>(maxLength: 64, nullable: true),
                weight = table.Column<int>(nullable: false),
                priority = table.Column<int>(nullable: false),
                is_enabled = table.Column<bool>(nullable: false),
                headers = table.Column<string>(nullable: false),
                syncs_models = table.Column<bool>(nullable: false),
                is_from_environment = table.Column<bool>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_upstreams", u => u.id);
            }
        );
        migration.CreateIndex("ix_upstreams_name", "upstreams", "name", unique: true);
        migration.CreateTable(
            "upstream_models",
            table => new
            {
                upstream_id = table.Column<string>(maxLength: 36, nullable: false),
                model_id = table.Column<string>(maxLength: 36, nullable: false),
                upstream_name = table.Column<string>(maxLength: 255, nullable: false),
                is_by_admin = table.Column<bool>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_upstream_models", m => new { m.upstream_id, m.model_id });
                table.ForeignKey(
                    "fk_upstream_models_upstreams_upstream_id",
                    m => m.upstream_id,
                    "upstreams",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
                table.ForeignKey(
                    "fk_upstream_models_models_model_id",
                    m => m.model_id,
                    "models",
                    "id",
                    onDelete: ReferentialAction.Cascade
                );
            }
        );
        migration.CreateIndex("ix_upstream_models_model_id", "upstream_models", "model_id");
        migration.AddColumn<string>("upstream", "ledger_traits", maxLength: 64, nullable: true);
    }

    protected override void Down(MigrationBuilder migration)
    {
        // By SQL: EF would make SQLite's table anew, from a model that hand-written migrations do not carry.
        migration.Sql("ALTER TABLE ledger_traits DROP COLUMN upstream");
        migration.DropTable("upstream_models");
        migration.DropTable("upstreams");
    }
}

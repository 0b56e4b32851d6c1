using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>
/// Adds the tombstones of deleted rows, and makes those of models, teams and tiers that were deleted before from the audit log. They keep
/// names only: what a sync
/// brought back since stays.
/// </summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130081000_Tombstones")]
internal sealed class Tombstones : Migration
{
    private static readonly string[] NamedTypes = [ChangedEntities.Model, ChangedEntities.Team, ChangedEntities.Tier];

    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            "tombstones",
            table => new
            {
                entity_type = table.Column<string>(maxLength: 32, nullable: false),
                entity_id = table.Column<string>(maxLength: 64, nullable: false),
                name = table.Column<string>(maxLength: 255, nullable: false),
                external_id = table.Column<string>(maxLength: 255, nullable: true),
                deleted_at = table.Column<DateTime>(nullable: false),
                lifted_at = table.Column<DateTime>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_tombstones", t => new { t.entity_type, t.entity_id });
            }
        );
        var isSqlite = migration.ActiveProvider is { } provider && provider.Contains("Sqlite", StringComparison.Ordinal);
        var name =
            isSqlite ? "json_extract(\"before\", '$.name')"
            : IsMySql(migration) ? "JSON_UNQUOTE(JSON_EXTRACT(\"before\", '$.name'))"
            : "(\"before\"::json ->> 'name')";
        migration.Sql(
            $"""
            INSERT INTO tombstones (entity_type, entity_id, name, external_id, deleted_at, lifted_at)
            SELECT entity_type, entity_id, MAX({name}), NULL, MAX(created_at), MAX(created_at) FROM audit_log
            WHERE action IN ({string.Join(", ", NamedTypes.Select(type => $"'{type}.deleted'"))}) AND {name} IS NOT NULL
            GROUP BY entity_type, entity_id
            """
        );
    }

    /// <summary>Whether the database is one of MySQL or MariaDB.</summary>
    internal static bool IsMySql(MigrationBuilder migration) =>
        migration.ActiveProvider?.Contains("MySql", StringComparison.Ordinal) == true;

    protected override void Down(MigrationBuilder migration) => migration.DropTable("tombstones");
}

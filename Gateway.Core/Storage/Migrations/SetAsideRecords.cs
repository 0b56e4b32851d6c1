using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The table of ended calls that the ledger does not take.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130080100_SetAsideRecords")]
internal sealed class SetAsideRecords : Migration
{
    protected override void Up(MigrationBuilder migration) =>
        migration.CreateTable(
            "set_aside_records",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                record = table.Column<string>(nullable: false),
                fault = table.Column<string>(nullable: false),
                set_aside_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_set_aside_records", t => t.id);
            }
        );

    protected override void Down(MigrationBuilder migration) => migration.DropTable("set_aside_records");
}

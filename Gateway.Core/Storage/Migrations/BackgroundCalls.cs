using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The table of calls that go on in the background.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130145500_BackgroundCalls")]
internal sealed class BackgroundCalls : Migration
{
    protected override void Up(MigrationBuilder migration) =>
        migration.CreateTable(
            "background_calls",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                response_id = table.Column<string>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_background_calls", t => t.id);
            }
        );

    protected override void Down(MigrationBuilder migration) => migration.DropTable("background_calls");
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The table of nodes that make answers of chats.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130181000_TrafficNodes")]
internal sealed class TrafficNodes : Migration
{
    protected override void Up(MigrationBuilder migration) =>
        migration.CreateTable(
            "traffic_nodes",
            table => new
            {
                name = table.Column<string>(maxLength: 128, nullable: false),
                beat = table.Column<long>(nullable: false),
                seen_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_traffic_nodes", t => t.name);
            }
        );

    protected override void Down(MigrationBuilder migration) => migration.DropTable("traffic_nodes");
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The table of what nodes tell one another of their windows.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130214500_WindowShareRows")]
internal sealed class WindowShareRows : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable(
            "window_shares",
            table => new
            {
                counter = table.Column<string>(maxLength: 256, nullable: false),
                node = table.Column<string>(maxLength: 128, nullable: false),
                round = table.Column<long>(nullable: false),
                minute_requests = table.Column<long>(nullable: false),
                minute_tokens = table.Column<long>(nullable: false),
                day = table.Column<int>(nullable: false),
                day_requests = table.Column<long>(nullable: false),
                day_tokens = table.Column<long>(nullable: false),
                month = table.Column<int>(nullable: false),
                month_tokens = table.Column<long>(nullable: false),
                in_flight = table.Column<long>(nullable: false),
                held_tokens = table.Column<long>(nullable: false),
                want_requests = table.Column<long>(nullable: false),
                want_tokens = table.Column<long>(nullable: false),
                unit_tokens = table.Column<long>(nullable: false),
            },
            constraints: table => table.PrimaryKey("pk_window_shares", s => new { s.counter, s.node })
        );
        migration.CreateIndex("ix_window_shares_round", "window_shares", "round");
    }

    protected override void Down(MigrationBuilder migration) => migration.DropTable("window_shares");
}

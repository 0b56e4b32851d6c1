using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The prices that calls which go on in the background are charged by.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130213500_BackgroundPrices")]
internal sealed class BackgroundPrices : Migration
{
    protected override void Up(MigrationBuilder migration) => migration.AddColumn<string>("prices", "background_calls", nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.Sql("ALTER TABLE background_calls DROP COLUMN prices");
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>
/// Remembers of each key what an admin limited, as a JSON object. Of keys that are older than this nobody knows who set their limits: they
/// stay the owner's.
/// </summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130080000_AdminKeyLimits")]
internal sealed class AdminKeyLimits : Migration
{
    protected override void Up(MigrationBuilder migration) => migration.AddColumn<string>("admin_limits", "api_keys", nullable: true);

    // By SQL: EF would make SQLite's table anew, from a model that hand-written migrations do not carry.
    protected override void Down(MigrationBuilder migration) => migration.Sql("ALTER TABLE api_keys DROP COLUMN admin_limits");
}

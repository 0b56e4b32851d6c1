using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>Remembers of each key what an admin limited, as a JSON object. Of keys that are older than this nobody knows who set their limits: they stay the owner's.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("202611300800_AdminKeyLimits")]
internal sealed class AdminKeyLimits : Migration
{
    protected override void Up(MigrationBuilder migration) => migration.AddColumn<string>("admin_limits", "api_keys", nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn("admin_limits", "api_keys");
}

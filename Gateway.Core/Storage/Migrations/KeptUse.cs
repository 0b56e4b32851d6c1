using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>When what upstreams keep was used last.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130214000_KeptUse")]
internal sealed class KeptUse : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<DateTime>("used_at", "kept_objects", nullable: false, defaultValue: DateTime.UnixEpoch);
        migration.Sql("UPDATE kept_objects SET used_at = created_at");
        migration.CreateIndex("ix_kept_objects_used_at", "kept_objects", "used_at");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.DropIndex("ix_kept_objects_used_at", "kept_objects");
        migration.Sql("ALTER TABLE kept_objects DROP COLUMN used_at");
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>An admin may say under which word chat clients list a model.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130151500_ChatTierOfModels")]
internal sealed class ChatTierOfModels : Migration
{
    protected override void Up(MigrationBuilder migration) =>
        migration.AddColumn<string>("chat_tier", "model_configs", maxLength: 20, nullable: true);

    protected override void Down(MigrationBuilder migration) => migration.DropColumn("chat_tier", "model_configs");
}

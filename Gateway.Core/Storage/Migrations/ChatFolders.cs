using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The index of lists of chats knows their folders, so that a list of one folder reads no other rows.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130180500_ChatFolders")]
internal sealed class ChatFolders : Migration
{
    private const string Table = "chats";
    private const string Before = "ix_chats_list";
    private const string After = "ix_chats_of_user";

    // The new one first: MySQL keeps an index on the column of a foreign key at all times.
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateIndex(After, Table, ["user_id", "updated_at", "id", "is_archived", "is_favorite", "folder_id", "title_key"]);
        migration.DropIndex(Before, Table);
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.CreateIndex(Before, Table, ["user_id", "updated_at", "id", "is_archived", "is_favorite", "title_key"]);
        migration.DropIndex(After, Table);
    }
}

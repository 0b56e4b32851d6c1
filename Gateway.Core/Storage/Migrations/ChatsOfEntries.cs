using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>The narrow entries of the ledger name the chat and the message that a call answered.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130133000_ChatsOfEntries")]
internal sealed class ChatsOfEntries : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        var sql = NarrowLedgerSql.Of(migration.ActiveProvider);
        migration.Sql($"ALTER TABLE ledger_entries ADD COLUMN chat_id {sql.Id} NULL");
        migration.Sql($"ALTER TABLE ledger_entries ADD COLUMN message_id {sql.Id} NULL");
    }

    protected override void Down(MigrationBuilder migration)
    {
        migration.Sql("ALTER TABLE ledger_entries DROP COLUMN message_id");
        migration.Sql("ALTER TABLE ledger_entries DROP COLUMN chat_id");
    }
}

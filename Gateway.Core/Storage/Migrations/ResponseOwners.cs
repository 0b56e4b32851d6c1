using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>An index by which the call that made a response is found: whose it is decides who may read it.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130140000_ResponseOwners")]
internal sealed class ResponseOwners : Migration
{
    protected override void Up(MigrationBuilder migration) =>
        migration.CreateIndex(
            name: "ix_ledger_entries_responses",
            table: "ledger_entries",
            column: "external_request_id",
            filter: ResponseIds.Filter
        );

    protected override void Down(MigrationBuilder migration) =>
        migration.DropIndex(name: "ix_ledger_entries_responses", table: "ledger_entries");
}

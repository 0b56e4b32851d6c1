using Gateway.Core.Storage;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gateway.Tests.Storage;

/// <summary>There is no generated snapshot, so these tests are what notices a migration that was forgotten.</summary>
public sealed class SchemaTests
{
    [Theory, BothDatabases]
    public async Task Every_column_of_the_model_is_in_the_database_and_no_other(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        var inModel = db
            .Model.GetEntityTypes()
            .SelectMany(e =>
                e.GetProperties()
                    .Select(p =>
                        $"{e.GetTableName()}.{p.GetColumnName(StoreObjectIdentifier.Table(e.GetTableName()!))} "
                        + $"{(p.IsNullable ? "null" : "not null")}"
                    )
            )
            .Order(StringComparer.Ordinal);
        Assert.Equal(inModel, await ReadColumnsAsync(db, database));
    }

    [Theory, BothDatabases]
    public async Task Every_index_of_the_model_is_in_the_database(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        var inModel = db
            .Model.GetEntityTypes()
            .SelectMany(e => e.GetIndexes().Select(i => $"{i.GetDatabaseName()!.ToLowerInvariant()} {(i.IsUnique ? "unique" : "plain")}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(inModel, await ReadIndexesAsync(db, database));
    }

    [Theory, BothDatabases]
    public async Task Migrating_again_changes_nothing(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        await db.Database.MigrateAsync();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    internal static async Task<List<string>> ReadColumnsAsync(HubDbContext db, TestDatabase database)
    {
        var sql = database switch
        {
            TestDatabase.Sqlite => """
                SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 0 AND c.pk = 0 THEN ' null' ELSE ' not null' END AS "Value"
                FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '__EF%'
                """,
            TestDatabase.Postgres => """
                SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'YES' THEN ' null' ELSE ' not null' END AS "Value"
                FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%'
                """,
            _ => """
                SELECT CONCAT(table_name, '.', column_name, CASE is_nullable WHEN 'YES' THEN ' null' ELSE ' not null' END) AS "Value"
                FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> '__EFMigrationsHistory'
                """,
        };
        return [.. (await db.Database.SqlQueryRaw<string>(sql).ToListAsync()).Order(StringComparer.Ordinal)];
    }

    internal static async Task<List<string>> ReadIndexesAsync(HubDbContext db, TestDatabase database)
    {
        var sql = database switch
        {
            TestDatabase.Sqlite => """
                SELECT i.name || CASE i."unique" WHEN 1 THEN ' unique' ELSE ' plain' END AS "Value"
                FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c' AND m.name NOT LIKE '__EF%'
                """,
            TestDatabase.Postgres => """
                SELECT c.relname || CASE x.indisunique WHEN true THEN ' unique' ELSE ' plain' END AS "Value"
                FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'public' AND NOT x.indisprimary
                """,
            _ => """
                SELECT DISTINCT CONCAT(LOWER(index_name), CASE non_unique WHEN 0 THEN ' unique' ELSE ' plain' END) AS "Value"
                FROM information_schema.statistics
                WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' AND table_name <> '__EFMigrationsHistory'
                """,
        };
        return [.. (await db.Database.SqlQueryRaw<string>(sql).ToListAsync()).Order(StringComparer.Ordinal)];
    }
}

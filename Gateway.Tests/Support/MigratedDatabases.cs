using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Support;

/// <summary>
/// Databases with every table and nothing in them: each is migrated once and copied for every gateway of the tests. That a gateway migrates
/// an empty database by itself is shown by those that are started as processes.
/// </summary>
internal static class MigratedDatabases
{
    private static readonly Lazy<Task<byte[]>> SqliteFile = new(MigrateFileAsync);
    private static readonly Lazy<Task<string>> PostgresTemplate = new(MigrateTemplateAsync);

    /// <summary>Puts the file of SQLite into a data folder, or makes a database on a server.</summary>
    /// <returns>Its URL; null for SQLite and for servers that cannot copy.</returns>
    public static async Task<string?> CreateAsync(TestDatabase database, DirectoryInfo folder)
    {
        switch (database)
        {
            case TestDatabase.Sqlite:
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "hub.db"), await SqliteFile.Value);
                return null;
            case TestDatabase.Postgres:
                return await PostgresServer.CreateDatabaseAsync(await PostgresTemplate.Value);
            default:
                return await TestDatabases.CreateAsync(database);
        }
    }

    private static async Task<byte[]> MigrateFileAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hub-template-");
        var path = Path.Combine(folder.FullName, "hub.db");
        await MigrateAsync("sqlite:" + path);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools(); // the last connection that closes brings the log into the file
        var file = await File.ReadAllBytesAsync(path);
        folder.Delete(recursive: true);
        return file;
    }

    private static async Task<string> MigrateTemplateAsync()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await MigrateAsync(url);
        Npgsql.NpgsqlConnection.ClearAllPools(); // PostgreSQL copies only what nobody is connected to
        return new Uri(url).AbsolutePath.Trim('/');
    }

    private static async Task MigrateAsync(string text)
    {
        Assert.True(DatabaseUrl.TryParse(text, out var url));
        var provider = StoreProvider.For(url);
        provider.Prepare();
        var options = new DbContextOptionsBuilder<HubDbContext>();
        provider.Configure(options);
        await using var db = new HubDbContext(options.Options);
        await db.Database.MigrateAsync();
    }
}

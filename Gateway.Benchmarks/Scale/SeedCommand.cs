using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// <c>seed</c>: a database as large as a large installation's, in a folder (SQLite) or at a URL. The gateway makes the schema and the first
/// admin; the rest is SQL of <see cref="SeedTables"/>. The admin and the large user sign in with the password in the folder's file.
/// </summary>
internal static class SeedCommand
{
    public const string PasswordFile = "benchmark-password";
    public const string AdminEmail = "admin@example.com";
    public const string LargeUserEmail = "user1@example1.com";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ScaleOptions.Read(arguments, "--users", "--keys", "--usage", "--chats", "--messages");
        if (options.Folder is not { } folder)
        {
            Console.Error.WriteLine(
                "seed --data <folder> [--database <url>] [--users <n>] [--keys <n>] [--usage <n>] " + "[--chats <n>] [--messages <n>]"
            );
            return 2;
        }
        Directory.CreateDirectory(folder);
        var passwordFile = Path.Combine(folder, PasswordFile);
        if (File.Exists(passwordFile))
        {
            Console.Error.WriteLine($"{folder} is seeded already.");
            return 1;
        }
        var password = Guid.NewGuid().ToString();
        await File.WriteAllTextAsync(passwordFile, password);
        var settings = options.Settings(folder);
        settings["ADMIN_EMAIL"] = AdminEmail;
        settings["ADMIN_PASSWORD"] = password;
        await using (await HubProcess.StartAsync(ScaleOptions.HostArguments, settings)) { }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var watch = Stopwatch.StartNew();
        await SeedAsync(
            options.Store(folder),
            new SeedScale(
                options.Number("--users", 100_000),
                options.Number("--keys", 1_000_000),
                options.Number("--usage", 10_000_000),
                options.Number("--chats", 1_000_000),
                options.Number("--messages", 20_000_000)
            )
        );
        Console.WriteLine($"seeded in {watch.Elapsed.TotalSeconds:F0} s");
        return 0;
    }

    private static async Task SeedAsync(StoreProvider store, SeedScale scale)
    {
        var builder = new DbContextOptionsBuilder<HubDbContext>();
        store.Configure(builder);
        await using var db = new HubDbContext(builder.Options);
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        var sql = SeedDialect.For(store);
        foreach (var statement in sql.Hurry)
        {
            await ExecuteAsync(connection, statement);
        }
        var tiers = await db.Tiers.OrderBy(t => t.PriceNanoUsd).Select(t => t.Id).ToListAsync();
        var hash = await db.Users.Where(u => u.Role == Roles.Admin).Select(u => u.PasswordHash).FirstAsync();
        foreach (var table in new SeedTables(sql, scale, DateTime.UtcNow, tiers[0], tiers[1], hash).All().GroupBy(s => s.Table))
        {
            await FillAsync(connection, sql, table.Key, [.. table.Select(s => s.Statement)]);
        }
        foreach (var statement in sql.Finish)
        {
            await ExecuteAsync(connection, statement);
        }
    }

    // Without its indexes first: to sort them once costs a fraction of finding a place for each row.
    private static async Task FillAsync(DbConnection connection, SeedDialect sql, string table, string[] statements)
    {
        var watch = Stopwatch.StartNew();
        List<(string Name, string Definition)> indexes = [];
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = sql.IndexesOf(table);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                indexes.Add((reader.GetString(0), reader.GetString(1)));
            }
        }
        foreach (var (name, _) in indexes)
        {
            await ExecuteAsync(connection, sql.DropIndex(table, name));
        }
        long rows = 0;
        foreach (var statement in statements)
        {
            rows += await ExecuteAsync(connection, statement);
        }
        foreach (var (_, definition) in indexes)
        {
            await ExecuteAsync(connection, definition);
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{table, -16} {rows, 12:N0} rows, {indexes.Count} indexes, {watch.Elapsed.TotalSeconds:F0} s"
            )
        );
    }

    private static async Task<long> ExecuteAsync(DbConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 7_200;
        command.CommandText = statement;
        return await command.ExecuteNonQueryAsync();
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Core.Storage;

/// <summary>Whether a database has the schema of this program.</summary>
public static class SchemaVersion
{
    /// <summary>
    /// Asks with one query of the driver's. Every start waits for the answer, and EF's way to it builds a model of the history table first.
    /// </summary>
    /// <returns>False when a migration is missing, or when the database does not say; then EF must look.</returns>
    public static async Task<bool> IsCurrentAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        HashSet<string> applied = [];
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            var names = db.GetService<ISqlGenerationHelper>();
            command.CommandText =
                $"SELECT {names.DelimitIdentifier("MigrationId")} FROM {names.DelimitIdentifier(HistoryRepository.DefaultTableName)}";
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                applied.Add(reader.GetString(0));
            }
        }
        catch (DbException)
        {
            return false; // an empty database has no history
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
        return Known().All(applied.Contains);
    }

    private static IEnumerable<string> Known() =>
        typeof(SchemaVersion)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration)) && IsOf(type, typeof(HubDbContext)))
            .Select(type => ((MigrationAttribute)Attribute.GetCustomAttribute(type, typeof(MigrationAttribute))!).Id);

    private static bool IsOf(Type migration, Type context) =>
        Attribute.GetCustomAttribute(migration, typeof(DbContextAttribute)) is DbContextAttribute of && of.ContextType == context;
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Core.Storage;

/// <summary>How a database's schema stands to that of this program.</summary>
/// <param name="IsCurrent">Whether it has all that this program knows. False too when the database does not say; then EF must look.</param>
/// <param name="Newer">Migrations that a newer program made and this one does not know, oldest first; nearly always none.</param>
public sealed record SchemaVersion(bool IsCurrent, IReadOnlyList<string> Newer)
{
    /// <summary>
    /// The end of the names of migrations that a program of the release before cannot live with: they take away or change what it uses.
    /// All others only add.
    /// </summary>
    public const string Breaking = "_Breaks";

    /// <summary>The newer migrations that this program cannot live with.</summary>
    public IEnumerable<string> Broken => Newer.Where(id => id.EndsWith(Breaking, StringComparison.Ordinal));

    /// <summary>
    /// Asks with one query of the driver's. Every start waits for the answer, and EF's way to it builds a model of the history table first.
    /// </summary>
    public static async Task<SchemaVersion> ReadAsync(HubDbContext db, CancellationToken cancellationToken)
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
            return new SchemaVersion(false, []); // an empty database has no history
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
        var known = Migrations.Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        return new SchemaVersion(known.All(applied.Contains), [.. applied.Where(id => !known.Contains(id)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The migrations of this program, by their ids.</summary>
    public static IEnumerable<(string Id, Type Type)> Migrations =>
        typeof(SchemaVersion)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration)) && IsOf(type, typeof(HubDbContext)))
            .Select(type => (((MigrationAttribute)Attribute.GetCustomAttribute(type, typeof(MigrationAttribute))!).Id, type));

    private static bool IsOf(Type migration, Type context) =>
        Attribute.GetCustomAttribute(migration, typeof(DbContextAttribute)) is DbContextAttribute of && of.ContextType == context;
}

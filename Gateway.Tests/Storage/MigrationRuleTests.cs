using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Gateway.Tests.Storage;

/// <summary>
/// In a rolling restart a node of the release before meets the schema of the next. So a migration only adds, or says by its name that
/// nodes before it must not start on it.
/// </summary>
public sealed class MigrationRuleTests
{
    // Those up to here were there before several nodes could share a database.
    private const string LastOfOneNode = "20261130190000_Attribution";

    private const string Adds = "20261130181000_TrafficNodes";

    public static TheoryData<string> Newer =>
        [
            .. SchemaVersion
                .Migrations.Select(m => m.Id)
                .Where(id => string.CompareOrdinal(id, LastOfOneNode) > 0 && !id.EndsWith(SchemaVersion.Breaking, StringComparison.Ordinal))
                .Append(Adds),
        ];

    [Theory, MemberData(nameof(Newer))]
    public void A_migration_only_adds_unless_its_name_says_more(string id)
    {
        var migration = (Migration)Activator.CreateInstance(SchemaVersion.Migrations.Single(m => m.Id == id).Type)!;
        migration.ActiveProvider = "Npgsql.EntityFrameworkCore.PostgreSQL";
        var made = migration.UpOperations.OfType<CreateTableOperation>().Select(t => t.Name).ToHashSet();
        Assert.All(migration.UpOperations, step => Assert.True(OnlyAdds(step, made), $"{step.GetType().Name} is no mere addition."));
    }

    [Fact]
    public void What_takes_away_or_demands_is_no_addition()
    {
        Assert.False(OnlyAdds(new DropColumnOperation { Table = "t", Name = "c" }, []));
        Assert.False(
            OnlyAdds(
                new AddColumnOperation
                {
                    Table = "t",
                    Name = "c",
                    ClrType = typeof(long),
                },
                []
            )
        );
        Assert.False(
            OnlyAdds(
                new CreateIndexOperation
                {
                    Table = "t",
                    Name = "i",
                    Columns = ["c"],
                    IsUnique = true,
                },
                []
            )
        );
        Assert.True(
            OnlyAdds(
                new CreateIndexOperation
                {
                    Table = "t",
                    Name = "i",
                    Columns = ["c"],
                    IsUnique = true,
                },
                ["t"]
            )
        );
        Assert.True(
            OnlyAdds(
                new AddColumnOperation
                {
                    Table = "t",
                    Name = "c",
                    ClrType = typeof(long),
                    DefaultValue = 0L,
                },
                []
            )
        );
    }

    // Of what a node before it writes and reads, nothing is missing, refused or another thing than it was.
    private static bool OnlyAdds(MigrationOperation step, HashSet<string> made) =>
        step switch
        {
            CreateTableOperation or InsertDataOperation => true,
            CreateIndexOperation index => !index.IsUnique || made.Contains(index.Table),
            AddColumnOperation column => column.IsNullable
                || column.DefaultValue is not null
                || column.DefaultValueSql is not null
                || made.Contains(column.Table),
            AddForeignKeyOperation key => made.Contains(key.Table),
            SqlOperation sql => sql.Sql.TrimStart().StartsWith("INSERT ", StringComparison.OrdinalIgnoreCase)
                || sql.Sql.TrimStart().StartsWith("UPDATE ", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
}

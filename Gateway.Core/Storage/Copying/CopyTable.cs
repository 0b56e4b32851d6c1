using System.Data.Common;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gateway.Core.Storage.Copying;

/// <summary>A table of the schema, as rows of it are read from one database and written to another.</summary>
internal sealed class CopyTable
{
    private readonly ITable _table;
    private readonly Type[] _types;

    private CopyTable(ITable table)
    {
        _table = table;
        Columns = [.. table.Columns.Select(c => c.Name)];
        _types = [.. table.Columns.Select(TypeOf)];
    }

    /// <summary>The table.</summary>
    public string Name => _table.Name;

    /// <summary>Its columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The columns that can be added up.</summary>
    public IEnumerable<string> Numbers => Columns.Where((_, i) => _types[i] == typeof(long) || _types[i] == typeof(int));

    /// <summary>SQL of all rows, in the order of the primary key.</summary>
    public string SelectAll =>
        $"SELECT {string.Join(", ", Columns.Select(Quoted))} FROM {Name} ORDER BY "
        + string.Join(", ", _table.PrimaryKey!.Columns.Select(c => Quoted(c.Name)));

    /// <summary>SQL that inserts rows given as <c>VALUES</c>.</summary>
    public string Insert(string values) => OnConflictSql.Insert(Name, [.. Columns.Select(Quoted)], values);

    /// <summary>SQL of one row: the count, then the sums of <see cref="Numbers"/>.</summary>
    public string Sums(SqlWords words) =>
        $"SELECT {string.Join(", ", Numbers.Select(c => SaturatingSums.SqlOf(Quoted(c), words)).Prepend("COUNT(*)"))} FROM {Name}";

    /// <summary>All tables, each after those that its rows refer to.</summary>
    public static IReadOnlyList<CopyTable> AllOf(HubDbContext db)
    {
        List<ITable> left = [.. db.Model.GetRelationalModel().Tables.OrderBy(t => t.Name, StringComparer.Ordinal)];
        List<CopyTable> ordered = [];
        while (left.Count > 0)
        {
            var next = left.First(t => t.ForeignKeyConstraints.All(f => f.PrincipalTable == t || !left.Contains(f.PrincipalTable)));
            left.Remove(next);
            ordered.Add(new CopyTable(next));
        }
        return ordered;
    }

    /// <summary>The values of the reader's row, in a form that every database takes.</summary>
    public object?[] Read(DbDataReader reader)
    {
        var values = new object?[_types.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.IsDBNull(i) ? null : Read(reader, i, _types[i]);
        }
        return values;
    }

    private static object Read(DbDataReader reader, int place, Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.String => reader.GetString(place),
            TypeCode.DateTime => DateTime.SpecifyKind(reader.GetDateTime(place), DateTimeKind.Utc),
            TypeCode.Boolean => reader.GetBoolean(place),
            TypeCode.Int64 => reader.GetInt64(place),
            TypeCode.Int32 => reader.GetInt32(place),
            TypeCode.Decimal => reader.GetDecimal(place),
            TypeCode.Double => reader.GetDouble(place),
            _ => throw new NotSupportedException($"A column of {type} cannot be copied."),
        };

    private static Type TypeOf(IColumn column)
    {
        var mapping = column.PropertyMappings[0].TypeMapping;
        var type = mapping.Converter?.ProviderClrType ?? mapping.ClrType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    // Some names are words of SQL.
    private static string Quoted(string name) => $"\"{name}\"";
}

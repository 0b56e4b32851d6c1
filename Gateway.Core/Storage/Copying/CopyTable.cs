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
    private readonly Type[] _targetTypes;

    private CopyTable(ITable source, ITable target)
    {
        _table = source;
        Columns = [.. source.Columns.Select(c => c.Name)];
        _types = [.. source.Columns.Select(TypeOf)];
        _targetTypes = [.. Columns.Select(c => TypeOf(target.FindColumn(c)!))];
        Counted = target.Columns.Where(IsCounted).Select(c => c.Name).SingleOrDefault();
    }

    /// <summary>The table.</summary>
    public string Name => _table.Name;

    /// <summary>Its columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The column whose numbers the database gives; null: none.</summary>
    public string? Counted { get; }

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
    public static IReadOnlyList<CopyTable> AllOf(HubDbContext source, HubDbContext target)
    {
        var targets = target.Model.GetRelationalModel();
        List<ITable> left = [.. source.Model.GetRelationalModel().Tables.OrderBy(t => t.Name, StringComparer.Ordinal)];
        List<CopyTable> ordered = [];
        while (left.Count > 0)
        {
            var next = left.First(t => t.ForeignKeyConstraints.All(f => f.PrincipalTable == t || !left.Contains(f.PrincipalTable)));
            left.Remove(next);
            ordered.Add(new CopyTable(next, targets.FindTable(next.Name, next.Schema)!));
        }
        return ordered;
    }

    /// <summary>The values of the reader's row, in the form that the target takes.</summary>
    public object?[] Read(DbDataReader reader)
    {
        var values = new object?[_types.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.IsDBNull(i) ? null : Convert(Read(reader, i, _types[i]), _targetTypes[i]);
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
            _ when type == typeof(byte[]) => reader.GetFieldValue<byte[]>(place),
            _ when type == typeof(Guid) => reader.GetGuid(place),
            _ => throw new NotSupportedException($"A column of {type} cannot be copied."),
        };

    // Ids of calls: as 16 bytes they sort as their text does.
    private static object Convert(object value, Type target) =>
        value switch
        {
            Guid id when target == typeof(byte[]) => id.ToByteArray(bigEndian: true),
            byte[] bytes when target == typeof(Guid) => new Guid(bytes, bigEndian: true),
            _ => value,
        };

    private static bool IsCounted(IColumn column) =>
        column.PropertyMappings[0].Property.ValueGenerated == ValueGenerated.OnAdd
        && TypeOf(column) is var type
        && (type == typeof(int) || type == typeof(long));

    private static Type TypeOf(IColumn column)
    {
        var mapping = column.PropertyMappings[0].TypeMapping;
        var type = mapping.Converter?.ProviderClrType ?? mapping.ClrType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    // Some names are words of SQL.
    private static string Quoted(string name) => $"\"{name}\"";
}

using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gateway.Core.Storage;

/// <summary>
/// A table as plain SQL writes it: its columns and how they are read from an entity, from the model. Of a table of sums every number beside
/// the key is a sum, and every time beside the key is the latest.
/// </summary>
public sealed class TableColumns<T>
    where T : class
{
    private static readonly ConcurrentDictionary<IModel, TableColumns<T>> Known = new();

    private readonly Func<T, object?>[] _values;

    private TableColumns(IEntityType table)
    {
        var columns = table.GetProperties().ToList();
        var key = table.FindPrimaryKey()!.Properties;
        var beside = columns.Except(key).ToList();
        Table = table.GetTableName()!;
        Names = NamesOf(columns);
        Key = NamesOf(key);
        Sums = NamesOf(beside.Where(c => c.ClrType == typeof(long)));
        Times = NamesOf(beside.Where(c => c.ClrType == typeof(DateTime)));
        _values = [.. columns.Select(ValueOf)];
    }

    /// <summary>The table's name.</summary>
    public string Table { get; }

    /// <summary>All columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns of the primary key, in its order.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>The columns that are added to.</summary>
    public IReadOnlyList<string> Sums { get; }

    /// <summary>The columns whose latest value is kept.</summary>
    public IReadOnlyList<string> Times { get; }

    /// <summary>The table of an entity.</summary>
    public static TableColumns<T> Of(HubDbContext db) => Known.GetOrAdd(db.Model, static m => new(m.FindEntityType(typeof(T))!));

    /// <summary>The values of each row, in the order of the columns; one array, filled again for each.</summary>
    public IEnumerable<object?[]> Values(IEnumerable<T> rows)
    {
        var values = new object?[_values.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = _values[i](row);
            }
            yield return values;
        }
    }

    // As the driver takes it: after the conversion that EF would make.
    private static Func<T, object?> ValueOf(IProperty column)
    {
        var getter = column.GetGetter();
        return column.GetTypeMapping().Converter is { } converter
            ? row => getter.GetClrValue(row) is { } value ? converter.ConvertToProvider(value) : null
            : getter.GetClrValue;
    }

    private static List<string> NamesOf(IEnumerable<IProperty> columns) => [.. columns.Select(c => c.GetColumnName())];
}

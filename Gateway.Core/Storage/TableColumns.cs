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
    private static TableColumns<T>? _known;

    private readonly IClrPropertyGetter[] _getters;

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
        _getters = [.. columns.Select(c => c.GetGetter())];
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

    /// <summary>The table of an entity. Every database has the same.</summary>
    public static TableColumns<T> Of(HubDbContext db) => _known ??= new(db.Model.FindEntityType(typeof(T))!);

    /// <summary>The values of each row, in the order of the columns; one array, filled again for each.</summary>
    public IEnumerable<object?[]> Values(IEnumerable<T> rows)
    {
        var values = new object?[_getters.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = _getters[i].GetClrValue(row);
            }
            yield return values;
        }
    }

    private static List<string> NamesOf(IEnumerable<IProperty> columns) => [.. columns.Select(c => c.GetColumnName())];
}

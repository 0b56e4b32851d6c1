using System.Globalization;

namespace Gateway.Admin.Imports;

/// <summary>A row of the system that is taken over. A column that its version has not yet is null.</summary>
internal sealed class SourceRow(IReadOnlyDictionary<string, object?> values)
{
    /// <summary>The row's id; empty when it has none.</summary>
    public string Id => Text("id") ?? "";

    /// <summary>Whether it was deleted there; the row was only marked.</summary>
    public bool IsDeleted => Value("deleted_at") is not null;

    /// <summary>A text without blanks around it; null when it is empty.</summary>
    public string? Text(string column) =>
        Convert.ToString(Value(column), CultureInfo.InvariantCulture)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A text that fits; what is longer is cut.</summary>
    public string? Text(string column, int longest) => Text(column) is { } text ? text[..Math.Min(text.Length, longest)] : null;

    /// <summary>A truth.</summary>
    /// <param name="column">The column.</param>
    /// <param name="missing">What holds where it is null.</param>
    public bool Flag(string column, bool missing = false) =>
        Value(column) is { } value ? Convert.ToBoolean(value, CultureInfo.InvariantCulture) : missing;

    /// <summary>A whole number.</summary>
    public long? Number(string column) => Value(column) is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    /// <summary>A number with decimals.</summary>
    public decimal? Decimal(string column) => Value(column) is { } value ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : null;

    /// <summary>A time, taken as UTC.</summary>
    public DateTime? Time(string column) =>
        Value(column) is DateTime time ? Core.Storage.UtcTime.ToStored(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;

    private object? Value(string column) => values.GetValueOrDefault(column);
}

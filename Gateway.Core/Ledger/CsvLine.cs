using System.Globalization;

namespace Gateway.Core.Ledger;

/// <summary>A line of CSV as RFC 4180 has it.</summary>
public static class CsvLine
{
    /// <summary>
    /// The values, its end included: quoted where CSV needs it. Some texts are a client's: a leading = + - @ is kept from being a formula
    /// of a spreadsheet.
    /// </summary>
    public static string Of(IEnumerable<object?> values) => string.Join(',', values.Select(Field)) + "\r\n";

    private static string Field(object? value)
    {
        var text = value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            string given when given.Length > 0 && "=+-@\t\r".Contains(given[0]) => "'" + given,
            _ => value.ToString()!,
        };
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}

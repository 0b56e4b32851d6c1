using System.Globalization;
using System.Text;

namespace Gateway.Admin.Conventions;

/// <summary>A table as CSV (RFC 4180), sent while its rows are read.</summary>
internal sealed class CsvTable(string fileName, IReadOnlyList<string> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows) : IResult
{
    private const int PieceLength = 32_768;

    /// <summary>Whether the caller asked for CSV.</summary>
    public static bool IsWanted(HttpContext http) => http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>A line of values, its end included: quoted where CSV needs it; a leading = + - @ of a text is kept from being a formula.</summary>
    public static string Line(IEnumerable<object?> values) => string.Join(',', values.Select(Field)) + "\r\n";

    public async Task ExecuteAsync(HttpContext http)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        var text = new StringBuilder(Line(columns));
        await foreach (var row in rows.WithCancellation(http.RequestAborted))
        {
            text.Append(Line(row));
            if (text.Length > PieceLength)
            {
                await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
                text.Clear();
            }
        }
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private static string Field(object? value)
    {
        var text = value switch
        {
            null => "",
            DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            string given => given.Length > 0 && "=+-@\t\r".Contains(given[0]) ? "'" + given : given,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}

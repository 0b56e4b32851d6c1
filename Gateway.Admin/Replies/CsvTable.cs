using System.Text;
using Gateway.Core.Ledger;

namespace Gateway.Admin.Replies;

/// <summary>A table as CSV (RFC 4180), sent while its rows are read.</summary>
internal sealed class CsvTable(string fileName, IReadOnlyList<string> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows) : IResult
{
    private const int PieceLength = 32_768;

    /// <summary>Whether the caller asked for CSV.</summary>
    public static bool IsWanted(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);

    public async Task ExecuteAsync(HttpContext http)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        var text = new StringBuilder(CsvLine.Of(columns));
        await foreach (var row in rows.WithCancellation(http.RequestAborted))
        {
            text.Append(CsvLine.Of(row));
            if (text.Length > PieceLength)
            {
                await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
                text.Clear();
            }
        }
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }
}

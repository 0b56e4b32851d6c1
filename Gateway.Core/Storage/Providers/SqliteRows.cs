using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// Many rows by one prepared statement, bound by number. The driver would look for each parameter's name among all names, and make a
/// reader, for each row.
/// </summary>
internal static class SqliteRows
{
    private const int LongestOnStack = 512;

    public static IReadOnlyList<string> Write(
        SqliteConnection connection,
        Func<string, string> statement,
        IEnumerable<object?[]> rows,
        CancellationToken cancellationToken
    )
    {
        List<string> returned = [];
        var database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        sqlite3_stmt? prepared = null;
        try
        {
            foreach (var row in rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                prepared ??= Prepare(database, statement('(' + string.Join(", ", Enumerable.Repeat('?', row.Length)) + ')'));
                for (var i = 0; i < row.Length; i++)
                {
                    Check(database, Bind(prepared, i + 1, row[i]));
                }
                Step(database, prepared, returned);
            }
            return returned;
        }
        finally
        {
            prepared?.Dispose();
        }
    }

    private static sqlite3_stmt Prepare(sqlite3 database, string sql)
    {
        Check(database, raw.sqlite3_prepare_v2(database, sql, out var statement));
        return statement;
    }

    private static void Step(sqlite3 database, sqlite3_stmt statement, List<string> returned)
    {
        int result;
        while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            returned.Add(raw.sqlite3_column_text(statement, 0).utf8_to_string());
        }
        Check(database, result);
        Check(database, raw.sqlite3_reset(statement));
    }

    private static int Bind(sqlite3_stmt statement, int number, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(statement, number),
            "" => raw.sqlite3_bind_text(statement, number, ""), // an empty span would be null
            byte[] bytes => raw.sqlite3_bind_blob(statement, number, bytes),
            string text => BindText(statement, number, text),
            DateTime time => BindTime(statement, number, time),
            bool flag => raw.sqlite3_bind_int64(statement, number, flag ? 1 : 0),
            decimal exact => BindText(statement, number, exact.ToString(SqliteStore.DecimalFormat, CultureInfo.InvariantCulture)),
            double real => raw.sqlite3_bind_double(statement, number, real),
            _ => raw.sqlite3_bind_int64(statement, number, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        };

    // SQLite copies the bytes before it returns.
    private static int BindText(sqlite3_stmt statement, int number, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = most <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[most];
        return raw.sqlite3_bind_text(statement, number, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    private static int BindTime(sqlite3_stmt statement, int number, DateTime time)
    {
        Span<byte> bytes = stackalloc byte[32];
        UtcTime.ToStored(time).TryFormat(bytes, out var length, SqliteStore.TimeFormat, CultureInfo.InvariantCulture);
        return raw.sqlite3_bind_text(statement, number, bytes[..length]);
    }

    private static void Check(sqlite3 database, int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            throw new SqliteException(
                $"SQLite Error {result}: '{raw.sqlite3_errmsg(database).utf8_to_string()}'.",
                result & 0xFF,
                raw.sqlite3_extended_errcode(database)
            );
        }
    }
}

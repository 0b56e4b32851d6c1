using System.Data.Common;
using System.Globalization;
using System.Text;
using MySqlConnector;

namespace Gateway.Core.Storage.Providers.MySql;

/// <summary>Many rows in few statements, none of them longer than the server takes (<c>max_allowed_packet</c>).</summary>
internal static class MySqlRows
{
    private const int RowsPerStatement = 100;
    private const int BytesPerStatement = 512 * 1024; // an estimate: the least that servers take is above it by far
    private const int BytesPerCharacter = 3;
    private const int BytesPerByte = 2; // the worst: each one escaped
    private const int BytesPerValue = 24;

    /// <summary>Runs a statement for all rows.</summary>
    public static async Task WriteAsync(
        DbTransaction transaction,
        Func<string, string> statement,
        IEnumerable<object?[]> rows,
        Func<object?, object> toParameter,
        CancellationToken cancellationToken
    )
    {
        await using var command = NewCommand(transaction);
        foreach (var chunk in ChunksOf(rows, toParameter))
        {
            await ExecuteAsync(command, statement, chunk, cancellationToken);
        }
    }

    /// <summary>
    /// Inserts the rows that are not there yet. No <c>INSERT IGNORE</c>: it hides other faults too, and tells of no row whether it was new.
    /// What is there is looked up; a row that comes in between breaks the insertion of a chunk, which is then tried without it.
    /// </summary>
    /// <returns>The keys of the rows that were inserted; those of bytes in hexadecimal.</returns>
    public static async Task<IReadOnlyList<string>> InsertNewAsync(
        DbTransaction transaction,
        string table,
        IReadOnlyList<string> columns,
        string key,
        IEnumerable<object?[]> rows,
        Func<object?, object> toParameter,
        CancellationToken cancellationToken
    )
    {
        List<string> inserted = [];
        var place = columns.ToList().IndexOf(key);
        await using var command = NewCommand(transaction);
        foreach (var chunk in ChunksOf(rows, toParameter))
        {
            var wanted = chunk.DistinctBy(row => TextOf(row[place]), StringComparer.Ordinal).ToList();
            for (var isFirst = true; wanted.Count > 0; isFirst = false)
            {
                var standing = await KnownAsync(transaction, table, key, wanted.ConvertAll(row => row[place]), cancellationToken);
                wanted.RemoveAll(row => standing.Contains(TextOf(row[place])));
                try
                {
                    if (wanted.Count > 0)
                    {
                        await ExecuteAsync(command, values => OnConflictSql.Insert(table, columns, values), wanted, cancellationToken);
                        inserted.AddRange(wanted.Select(row => TextOf(row[place])));
                    }
                    break;
                }
                catch (MySqlException fault) when (fault.ErrorCode == MySqlErrorCode.DuplicateKeyEntry && (isFirst || standing.Count > 0))
                {
                    // Somebody else was quicker with one of them. Where it was no row of this key, the next look finds nothing new.
                }
            }
        }
        return inserted;
    }

    private static async Task<HashSet<string>> KnownAsync(
        DbTransaction transaction,
        string table,
        string key,
        IReadOnlyList<object> keys,
        CancellationToken cancellationToken
    )
    {
        await using var command = NewCommand(transaction);
        command.CommandText = $"SELECT {key} FROM {table} WHERE {key} IN {Placeholders(command, 1, keys.Count)}";
        for (var i = 0; i < keys.Count; i++)
        {
            command.Parameters[i].Value = keys[i];
        }
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(TextOf(reader.GetValue(0)));
        }
        return known;
    }

    private static string TextOf(object key) => key is byte[] bytes ? Convert.ToHexStringLower(bytes) : (string)key;

    private static async Task ExecuteAsync(
        DbCommand command,
        Func<string, string> statement,
        IReadOnlyList<object[]> rows,
        CancellationToken cancellationToken
    )
    {
        var columns = rows[0].Length;
        if (command.Parameters.Count != rows.Count * columns)
        {
            command.CommandText = statement(Placeholders(command, rows.Count, columns));
        }
        for (var i = 0; i < rows.Count * columns; i++)
        {
            command.Parameters[i].Value = rows[i / columns][i % columns];
        }
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IEnumerable<List<object[]>> ChunksOf(IEnumerable<object?[]> rows, Func<object?, object> toParameter)
    {
        List<object[]> chunk = [];
        var bytes = 0L;
        foreach (var row in rows)
        {
            var values = Array.ConvertAll(row, value => toParameter(value));
            var length = values.Sum(LengthOf);
            if (chunk.Count == RowsPerStatement || (chunk.Count > 0 && bytes + length > BytesPerStatement))
            {
                yield return chunk;
                (chunk, bytes) = ([], 0);
            }
            chunk.Add(values);
            bytes += length;
        }
        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private static long LengthOf(object value) =>
        BytesPerValue
        + value switch
        {
            string text => (long)text.Length * BytesPerCharacter,
            byte[] bytes => bytes.Length * BytesPerByte,
            _ => 0,
        };

    private static DbCommand NewCommand(DbTransaction transaction)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        return command;
    }

    // (@p0, @p1), (@p2, @p3): the VALUES of some rows, and the command's parameters to go with them.
    private static string Placeholders(DbCommand command, int rows, int columns)
    {
        command.Parameters.Clear();
        var text = new StringBuilder(rows * columns * 6);
        for (var i = 0; i < rows * columns; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + i.ToString(CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
            text.Append(
                    i == 0 ? "("
                    : i % columns == 0 ? "), ("
                    : ", "
                )
                .Append(parameter.ParameterName);
        }
        return text.Append(')').ToString();
    }
}

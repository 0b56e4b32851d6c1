using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Gateway.Core.Storage.Providers;

/// <summary>Many rows in few statements: each is a round trip.</summary>
internal static class PostgresRows
{
    private const int RowsPerStatement = 100; // a statement takes at most 65,535 parameters

    public static async Task<IReadOnlyList<string>> WriteAsync(
        DbTransaction transaction,
        Func<string, string> statement,
        IEnumerable<object?[]> rows,
        Func<object?, object> toParameter,
        CancellationToken cancellationToken
    )
    {
        List<string> returned = [];
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        foreach (var chunk in rows.Select(row => Array.ConvertAll(row, value => toParameter(value))).Chunk(RowsPerStatement))
        {
            var columns = chunk[0].Length;
            if (command.Parameters.Count != chunk.Length * columns)
            {
                command.CommandText = statement(Placeholders(command, chunk.Length, columns));
            }
            for (var i = 0; i < chunk.Length * columns; i++)
            {
                command.Parameters[i].Value = chunk[i / columns][i % columns];
            }
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                returned.Add(reader.GetString(0));
            }
        }
        return returned;
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

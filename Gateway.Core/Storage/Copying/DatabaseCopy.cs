using System.Data.Common;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Core.Storage.Copying;

/// <summary>
/// Copies a database of the gateway into an empty one, of the same kind or another. Tables go one after another, in an order in which every
/// row finds what it refers to, and rows in the order of their keys, some thousands a transaction: a run that was stopped goes on where it
/// stopped. At the end counts and sums of both are compared, and the copy's ledger is checked.
/// </summary>
public static class DatabaseCopy
{
    private const int RowsPerTransaction = 2_000;
    private const long BytesPerTransaction = 16 * 1024 * 1024; // of texts and files, about
    private const string Marker = "hub_copy_in_progress";

    /// <summary>Copies.</summary>
    /// <param name="from">The source: read in one state, and left as it is.</param>
    /// <param name="to">The target: made when it is missing; empty, or left behind by a copy of this source.</param>
    /// <param name="progress">Is told how many rows are there; null: nobody asks.</param>
    /// <param name="cancellationToken">Stops; the next run goes on from there.</param>
    /// <exception cref="InvalidDataException">One of them cannot be used so; the message is for the operator.</exception>
    public static async Task<CopyReport> RunAsync(
        DatabaseUrl from,
        DatabaseUrl to,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (from.ToString() == to.ToString())
        {
            throw new InvalidDataException("--from and --to are the same database.");
        }
        await using var source = await CopySide.OpenAsync(from, makes: false, cancellationToken);
        await using var target = await CopySide.OpenAsync(to, makes: true, cancellationToken);
        await using var reading = source.CreateDbContext();
        await using var writing = target.CreateDbContext();
        await reading.Database.OpenConnectionAsync(cancellationToken);
        await writing.Database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await source.Store.BeginSnapshotAsync(reading.Database.GetDbConnection(), cancellationToken);
        await MarkAsync(writing, from, target.Store, cancellationToken);

        var tables = CopyTable.AllOf(reading, writing);
        var totals = new List<long[]>();
        foreach (var table in tables)
        {
            totals.Add(await SumsAsync(reading, snapshot, table, cancellationToken));
        }
        var (rows, copied) = (totals.Sum(t => t[0]), 0L);
        var done = 0L;
        foreach (var (table, total) in tables.Zip(totals))
        {
            var standing = await StandingAsync(writing, table, cancellationToken);
            if (standing > total[0])
            {
                throw new InvalidDataException(
                    $"{target.Store.Location} has {standing} rows in {table.Name}, and the source has {total[0]}: it was in use. Copy into "
                        + "an empty database."
                );
            }
            done += standing;
            progress?.Report(new WorkProgress(done, rows));
            await foreach (var count in CopyAsync(reading, snapshot, writing, target.Store, table, standing, cancellationToken))
            {
                (done, copied) = (done + count, copied + count);
                progress?.Report(new WorkProgress(done, rows));
            }
            if (table.Counted is { } counted && target.Store.GoOnCountingSql(table.Name, counted) is { } sql)
            {
                await ExecuteAsync(writing, sql, cancellationToken);
            }
        }
        var differences = new List<string>();
        foreach (var (table, total) in tables.Zip(totals))
        {
            differences.AddRange(Differences(table, total, await SumsAsync(writing, null, table, cancellationToken)));
        }
        var ledger = await new LedgerAudit(target, target.Store, TimeProvider.System).CheckAsync(cancellationToken);
        if (differences.Count == 0)
        {
            await ExecuteAsync(writing, $"DROP TABLE {Marker}", cancellationToken); // last of all: until then the same command may be given
        }
        return new CopyReport(tables.Count, rows, copied, differences, ledger);
    }

    // A table of one row that stands while the target is no whole copy. Without it, a target with users in it belongs to somebody.
    private static async Task MarkAsync(HubDbContext db, DatabaseUrl from, StoreProvider target, CancellationToken cancellationToken)
    {
        string? source = null;
        try
        {
            source = (string?)await ScalarAsync(db, $"SELECT source FROM {Marker}", cancellationToken);
        }
        catch (DbException)
        {
            // there is no such table
        }
        if (source is null)
        {
            if (await db.Users.AnyAsync(cancellationToken) || await db.LedgerEntries.AnyAsync(cancellationToken))
            {
                throw new InvalidDataException($"{target.Location} is in use: it has users or calls. Copy into an empty database.");
            }
            await ExecuteAsync(db, "DELETE FROM policy_revision", cancellationToken); // what the migrations put there comes from the source
            await ExecuteAsync(db, $"CREATE TABLE {Marker} (source varchar(255) NOT NULL)", cancellationToken);
            await ExecuteAsync(db, $"INSERT INTO {Marker} (source) VALUES ('{NameOf(from)}')", cancellationToken);
        }
        else if (source != NameOf(from))
        {
            throw new InvalidDataException($"{target.Location} holds a copy of {source} that was not ended. Copy into an empty database.");
        }
    }

    private static string NameOf(DatabaseUrl url)
    {
        var text = url.ToString().Replace("'", "", StringComparison.Ordinal);
        return text[..Math.Min(text.Length, 255)];
    }

    private static async IAsyncEnumerable<int> CopyAsync(
        HubDbContext source,
        DbTransaction snapshot,
        HubDbContext target,
        StoreProvider store,
        CopyTable table,
        long standing,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var command = Command(source, table.SelectAll, snapshot);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        for (var i = 0L; i < standing; i++)
        {
            await reader.ReadAsync(cancellationToken);
        }
        while (true)
        {
            List<object?[]> rows = [];
            var bytes = 0L;
            while (rows.Count < RowsPerTransaction && bytes < BytesPerTransaction && await reader.ReadAsync(cancellationToken))
            {
                var row = table.Read(reader);
                bytes += row.Sum(LengthOf);
                rows.Add(row);
            }
            if (rows.Count == 0)
            {
                yield break;
            }
            await using var transaction = await target.Database.BeginTransactionAsync(cancellationToken);
            await store.WriteRowsAsync(transaction.GetDbTransaction(), table.Insert, rows, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            store.KeepLogShort();
            yield return rows.Count;
        }
    }

    private static long LengthOf(object? value) =>
        value switch
        {
            string text => text.Length,
            byte[] content => content.Length,
            _ => 0,
        };

    private static async Task<long> StandingAsync(HubDbContext db, CopyTable table, CancellationToken cancellationToken) =>
        Convert.ToInt64(
            await ScalarAsync(db, $"SELECT COUNT(*) FROM {table.Name}", cancellationToken),
            System.Globalization.CultureInfo.InvariantCulture
        );

    private static async Task<long[]> SumsAsync(
        HubDbContext db,
        DbTransaction? transaction,
        CopyTable table,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(db, table.Sums(SqlWords.For(db.Database)), transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetInt64)];
    }

    private static IEnumerable<string> Differences(CopyTable table, long[] source, long[] target) =>
        table
            .Numbers.Prepend("rows")
            .Select((name, i) => (Name: name, Source: source[i], Target: target[i]))
            .Where(n => n.Source != n.Target)
            .Select(n => $"{table.Name}: {n.Name} is {n.Target} in the copy and {n.Source} in the source.");

    private static async Task<object?> ScalarAsync(HubDbContext db, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(db, sql, null);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(HubDbContext db, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(db, sql, null);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Rows are read for as long as it takes.
    private static DbCommand Command(HubDbContext db, string sql, DbTransaction? transaction)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.CommandTimeout = 0;
        return command;
    }
}

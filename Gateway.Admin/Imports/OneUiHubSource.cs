using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Imports;

/// <summary>The database of the original system: it is only read.</summary>
internal sealed class OneUiHubSource : IAsyncDisposable
{
    private readonly HubDbContext _db; // of our schema, and used for its connection alone

    private OneUiHubSource(StoreProvider store)
    {
        Store = store;
        var options = new DbContextOptionsBuilder<HubDbContext>();
        store.Configure(options);
        _db = new HubDbContext(options.Options);
    }

    /// <summary>Where it is.</summary>
    public StoreProvider Store { get; }

    private DbConnection Connection => _db.Database.GetDbConnection();

    /// <summary>Opens it.</summary>
    public static async Task<OneUiHubSource> OpenAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        var source = new OneUiHubSource(StoreProvider.For(url));
        try
        {
            await source._db.Database.OpenConnectionAsync(cancellationToken);
            return source;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await source.DisposeAsync();
            throw await source.Store.ExplainAsync(fault, cancellationToken) is { } explained
                ? new InvalidDataException(explained, fault)
                : fault;
        }
    }

    public ValueTask DisposeAsync() => _db.DisposeAsync();

    /// <summary>The names of its tables.</summary>
    public async Task<IReadOnlyList<string>> TablesAsync(CancellationToken cancellationToken)
    {
        List<string> names = [];
        await using var command = Command(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }
        return names;
    }

    /// <summary>How many rows a table has.</summary>
    public async Task<long> CountAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT COUNT(*) FROM \"{table}\"");
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>All rows of a table, which must be there.</summary>
    public async Task<IReadOnlyList<SourceRow>> ReadAsync(string table, CancellationToken cancellationToken)
    {
        List<SourceRow> rows = [];
        await foreach (var row in StreamAsync(table, cancellationToken))
        {
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>The rows of a table, one after another.</summary>
    public async IAsyncEnumerable<SourceRow> StreamAsync(string table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT * FROM \"{table}\"");
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new SourceRow(
                Enumerable
                    .Range(0, reader.FieldCount)
                    .ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i), StringComparer.OrdinalIgnoreCase)
            );
        }
    }

    private DbCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}

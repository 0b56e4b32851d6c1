using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Gateway.Core.Storage.Providers;

/// <summary>SQLite in WAL mode: one file, one node.</summary>
internal sealed class SqliteStore(DatabaseUrl url) : StoreProvider
{
    /// <summary>Times as EF Core writes them: text without trailing zeros, which sorts as time does.</summary>
    internal const string TimeFormat = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    /// <summary>Decimals as EF Core writes them: text.</summary>
    internal const string DecimalFormat = "0.0###########################";

    /// <summary>How long work in the background waits for a lock, seconds.</summary>
    internal const int LongestLockWait = 5;

    private const long LongestLogBytes = 256L * 1024 * 1024;
    private const int LongestLogWait = 1_000; // milliseconds
    private const int ConstraintUnique = 2067;
    private const int ConstraintPrimaryKey = 1555;

    private readonly string _file = url.Text["sqlite:".Length..];
    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = url.Text["sqlite:".Length..],
        ForeignKeys = true,
        Pooling = true,
        DefaultTimeout = LongestLockWait,
    }.ToString();

    private SqliteFile? _opened;

    public override bool IsLocal => true;

    /// <inheritdoc />
    public override string Name => "sqlite";

    protected override void UseDatabase(DbContextOptionsBuilder options) =>
        options.UseSqlite(_connectionString, BuildFlavour.SendListsAsOneParameter).AddInterceptors(new WriteAheadLog(this));

    public override bool IsInPlace => _opened?.IsInPlace != false;

    public override string Location => $"the SQLite file {Path.GetFullPath(_file)}";

    public override long? FreeBytes => new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(_file))!).AvailableFreeSpace;

    public override bool IsMissing => !File.Exists(_file);

    public override Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken) =>
        Task.FromResult(SqliteFaultSentences.Explain(Path.GetFullPath(_file), fault));

    public override void Prepare()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(_file)) is { } folder)
        {
            Make(folder);
        }
        _opened = SqliteFile.Open(_file);
    }

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The folder of the SQLite database (DATABASE_URL) cannot be made: {fault.Message} Set DATABASE_URL to a file in a "
                    + "folder that this process may write in.",
                fault
            );
        }
    }

    public override Task MaintainAsync(HubDbContext db, CancellationToken cancellationToken) =>
        SqliteSamples.RenewAsync(db, cancellationToken);

    // SQLite begins its log anew only in a moment without readers; under many of them such a moment has to be waited for.
    public override void KeepLogShort() => KeepLogShort(LongestLogBytes);

    internal void KeepLogShort(long longestBytes)
    {
        if (IsInPlace && new FileInfo(_file + "-wal") is { Exists: true } log && log.Length > longestBytes)
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            var wait = Execute(connection, "PRAGMA busy_timeout");
            Execute(connection, $"PRAGMA busy_timeout = {LongestLogWait}");
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)"); // without an end of the readers in that time the next batch tries again
            Execute(connection, $"PRAGMA busy_timeout = {wait}");
        }
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    // Each has up to 2 MB of pages. Connections in use are closed when they are given back.
    public override void CloseIdleConnections() => SqliteConnection.ClearAllPools();

    public override Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    public override bool IsUniqueViolation(DbException fault) =>
        fault is SqliteException { SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey };

    public override string CallIdSql(string column) => $"lower(hex({column}))";

    public override Task<IReadOnlyList<string>> WriteRowsAsync(
        DbTransaction transaction,
        Func<string, string> statement,
        IEnumerable<object?[]> rows,
        CancellationToken cancellationToken
    ) => Task.FromResult(SqliteRows.Write((SqliteConnection)transaction.Connection!, statement, rows, cancellationToken));

    public override object ToParameter(object? value) =>
        value switch
        {
            null => DBNull.Value,
            DateTime time => UtcTime.ToStored(time).ToString(TimeFormat, CultureInfo.InvariantCulture),
            bool flag => flag ? 1L : 0L,
            _ => value,
        };

    // WAL's own default may lose the last commits when the power fails; a ledger may not. The log is copied into the database when it has
    // 32 MB, not 4: pages that many calls change, as those of indexes are, are copied once for them all.
    private sealed class WriteAheadLog(SqliteStore store) : DbConnectionInterceptor
    {
        // Where the file was deleted, the driver would make an empty one in its place, or go on with the one that has no name any more.
        public override InterceptionResult ConnectionOpening(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result
        )
        {
            store.RequireInPlace();
            return result;
        }

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        ) => ValueTask.FromResult(ConnectionOpening(connection, eventData, result));

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000";
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            ConnectionOpened(connection, eventData); // a pragma does not wait for anything
            return Task.CompletedTask;
        }
    }
}

using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Configuration;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Gateway.Core.Storage.Providers.MySql;

/// <summary>MySQL 8 or MariaDB, by Pomelo: one node or several.</summary>
internal sealed class MySqlStore : StoreProvider
{
    private const int StandardPort = 3306;

    // Seconds: rows of a large ledger take hours to move. The server takes no longer time for endless.
    private const int LongestTurn = 86_400;

    // Seconds until a server that takes no connection counts as away, and for one to give up what it does.
    private const int ConnectTimeout = 5;
    private const int CancellationTimeout = 1;

    // One SQL for both servers: that of MariaDB before it had RETURNING, which MySQL 8 reads as well. To ask which one it is would take a
    // connection before the start can explain why there is none.
    private static readonly ServerVersion Dialect = new MariaDbServerVersion(new Version(10, 4));

    private static readonly MySqlSessions Sessions = new();

    private readonly MySqlConnectionStringBuilder _target;
    private readonly MySqlFaultSentences _faults;
    private readonly string _lock;

    public MySqlStore(DatabaseUrl url, DatabaseOptions options)
    {
        _target = ToConnection(new Uri(url.Text), options);
        _faults = new MySqlFaultSentences(_target);
        // Locks are the server's, not the database's, and their names are short.
        _lock = "oneui-hub/" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(_target.Database)))[..40];
    }

    public override string Name => "mysql";

    public override string Location => _faults.Location;

    public override Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken) =>
        _faults.ExplainAsync(fault, cancellationToken);

    public override void Prepare() => MySqlServer.Prepare(_target, Location);

    protected override void UseDatabase(DbContextOptionsBuilder options) =>
        options
            .UseMySql(
                _target.ConnectionString,
                Dialect,
                mysql => mysql.TranslateParameterizedCollectionsToConstants().EnableIndexOptimizedBooleanColumns()
            )
            .AddInterceptors(Sessions);

    public override void CloseIdleConnections()
    {
        // the driver closes them by itself after three minutes
    }

    public override string TrafficLockSql => $"SELECT GET_LOCK('{_lock}', 0)";

    public override string TrafficUnlockSql => $"DO RELEASE_LOCK('{_lock}')";

    public override async Task<IAsyncDisposable> TakeTurnAsync(string work, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder(_target.ConnectionString) { Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT GET_LOCK('{_lock}{work}', {LongestTurn})";
            command.CommandTimeout = 0;
            await command.ExecuteScalarAsync(cancellationToken);
            return new WorkTurn(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.Snapshot, cancellationToken);

    public override bool IsUniqueViolation(DbException fault) => fault is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry };

    // VALUES(column) is the one way to name the row that was to be inserted that both servers read.
    public override string UpsertSql(
        string table,
        IReadOnlyList<string> columns,
        string values,
        IReadOnlyList<string> key,
        IReadOnlyList<string> added,
        IReadOnlyList<string> latest
    ) =>
        $"{OnConflictSql.Insert(table, columns, values)} ON DUPLICATE KEY UPDATE "
        + OnConflictSql.Updates(table, added, latest, column => $"VALUES({column})");

    public override string ReplaceSql(string table, IReadOnlyList<string> columns, string values, IReadOnlyList<string> key) =>
        $"{OnConflictSql.Insert(table, columns, values)} ON DUPLICATE KEY UPDATE "
        + string.Join(", ", columns.Except(key).Select(c => $"{c} = VALUES({c})"));

    public override Task<IReadOnlyList<string>> InsertNewAsync(
        DbTransaction transaction,
        string table,
        IReadOnlyList<string> columns,
        string key,
        IEnumerable<object?[]> rows,
        CancellationToken cancellationToken,
        string? returned = null
    ) => MySqlRows.InsertNewAsync(transaction, table, columns, key, rows, ToParameter, cancellationToken);

    public override string CallIdSql(string column) => $"lower(hex({column}))";

    public override async Task<IReadOnlyList<string>> WriteRowsAsync(
        DbTransaction transaction,
        Func<string, string> statement,
        IEnumerable<object?[]> rows,
        CancellationToken cancellationToken
    )
    {
        await MySqlRows.WriteAsync(transaction, statement, rows, ToParameter, cancellationToken);
        return [];
    }

    public override object ToParameter(object? value) =>
        value switch
        {
            null => DBNull.Value,
            DateTime time => UtcTime.ToStored(time),
            _ => value,
        };

    // Everything in the URL's query as MySqlConnector names it.
    private static MySqlConnectionStringBuilder ToConnection(Uri uri, DatabaseOptions options)
    {
        var parts = UrlParts.Of(uri, StandardPort);
        var builder = new MySqlConnectionStringBuilder
        {
            Server = parts.Host,
            Port = (uint)parts.Port,
            Database = parts.Database,
            UserID = parts.User ?? Environment.UserName,
            Password = parts.Password ?? "",
            ConnectionTimeout = ConnectTimeout,
            CancellationTimeout = CancellationTimeout,
            DateTimeKind = MySqlDateTimeKind.Utc,
            GuidFormat = MySqlGuidFormat.None,
            AllowUserVariables = true, // Pomelo asks for it, and for the next one
            UseAffectedRows = false,
            MaximumPoolSize = (uint)options.MostConnections,
        };
        parts.SetParameters(builder, ToDriver, "mysqlconnector.net/connection-options");
        return builder;
    }

    // As other drivers write it too.
    private static (string Name, string Value) ToDriver(string name, string value) =>
        name.ToLowerInvariant() is not ("sslmode" or "ssl-mode" or "ssl_mode")
            ? (name, value)
            : (
                "SslMode",
                value.ToLowerInvariant() switch
                {
                    "disable" or "disabled" => nameof(MySqlSslMode.None),
                    "prefer" => nameof(MySqlSslMode.Preferred),
                    "require" => nameof(MySqlSslMode.Required),
                    "verify-ca" or "verify_ca" => nameof(MySqlSslMode.VerifyCA),
                    "verify-full" or "verify_identity" => nameof(MySqlSslMode.VerifyFull),
                    _ => value,
                }
            );
}

using System.Data.Common;
using Gateway.Core.Configuration;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Core.Storage.Providers;

/// <summary>PostgreSQL: one node or several.</summary>
internal sealed class PostgresStore : StoreProvider
{
    // The server's own default is a disk with a moving head: by it the planner would read a table from end to end before an index that has
    // all it needs.
    private const string PlannerOptions = "-c random_page_cost=1.1";

    private const int StandardPort = 5432;

    // The word "oneu" in hexadecimal: advisory locks of others on the same database have other numbers.
    private const int LockSpace = 0x6F6E6575;

    // Seconds until a server that takes no connection counts as away, and milliseconds for one to give up what it does.
    private const int ConnectTimeout = 5;
    private const int CancellationTimeout = 1_000;

    private readonly string _connectionString;
    private readonly string _listener;
    private readonly PostgresFaultSentences _faults;

    public PostgresStore(DatabaseUrl url, DatabaseOptions options)
    {
        var target = ToConnection(new Uri(url.Text), options);
        _connectionString = target.ToString();
        _faults = new PostgresFaultSentences(target);
        var listener = ToConnection(new Uri(options.ListenUrl ?? url.Text), options);
        (listener.Pooling, listener.ApplicationName) = (false, "oneui-hub listener");
        _listener = listener.ToString();
    }

    public override string Name => "postgres";

    public override string Location => _faults.Location;

    public override Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken) =>
        _faults.ExplainAsync(fault, cancellationToken);

    // The lock of a transaction, not of a session: behind a pooler a session is somebody else's after each transaction. It costs the
    // others nothing that this one is open, because it has read no row.
    public override async Task<IAsyncDisposable> TakeTurnAsync(string work, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false, ApplicationName = $"oneui-hub {work}" }.ToString()
        );
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText =
                "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; "
                + $"SELECT pg_advisory_xact_lock({LockSpace}, hashtext('{work}'))";
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new WorkTurn(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override bool TellsChanges => true;

    public override ChangeNotices OpenNotices() => new PostgresNotices(_listener, _connectionString);

    protected override void UseDatabase(DbContextOptionsBuilder options) =>
        options.UseNpgsql(_connectionString, BuildFlavour.SendListsAsOneParameter);

    public override void CloseIdleConnections()
    {
        // the driver closes them by itself after five minutes
    }

    public override string TrafficUnlockSql => "SELECT pg_advisory_unlock_all()";

    // The number is the word "oneui" in hexadecimal: any, but always the same.
    public override string? TrafficLockSql => "SELECT pg_try_advisory_lock(478593512809) AS \"Value\"";

    public override string GoOnCountingSql(string table, string column) =>
        $"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), COALESCE(MAX({column}), 0) + 1, false) FROM {table}";

    public override bool IsUniqueViolation(DbException fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override string CallIdSql(string column) => $"CAST({column} AS text)";

    public override Task<IReadOnlyList<string>> WriteRowsAsync(
        DbTransaction transaction,
        Func<string, string> statement,
        IEnumerable<object?[]> rows,
        CancellationToken cancellationToken
    ) => PostgresRows.WriteAsync(transaction, statement, rows, ToParameter, cancellationToken);

    public override object ToParameter(object? value) =>
        value switch
        {
            null => DBNull.Value,
            DateTime time => UtcTime.ToStored(time),
            _ => value,
        };

    // Everything in the URL's query (sslmode=require, ...) as Npgsql names it.
    private static NpgsqlConnectionStringBuilder ToConnection(Uri uri, DatabaseOptions options)
    {
        var parts = UrlParts.Of(uri, StandardPort);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = parts.Host,
            Port = parts.Port,
            Database = parts.Database,
            Username = parts.User,
            Password = parts.Password,
            Options = PlannerOptions,
            Timeout = ConnectTimeout,
            CancellationTimeout = CancellationTimeout,
            MaxPoolSize = options.MostConnections,
            NoResetOnClose = true, // no session is left changed: nothing to reset, and behind a pooler it would be another's session
        };
        parts.SetParameters(
            builder,
            (name, value) => (name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? "SSL Mode" : name, value),
            "npgsql.org/doc/connection-string-parameters.html"
        );
        return builder;
    }
}

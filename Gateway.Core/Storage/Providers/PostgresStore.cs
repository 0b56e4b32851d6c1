using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Core.Storage.Providers;

/// <summary>PostgreSQL: one node or several.</summary>
internal sealed class PostgresStore : StoreProvider
{
    // The server's own default is a disk with a moving head: by it the planner would read a table from end to end before an index that has
    // all it needs.
    private const string PlannerOptions = "-c random_page_cost=1.1";

    // Seconds until a server that takes no connection counts as away, and milliseconds for one to give up what it does.
    private const int ConnectTimeout = 5;
    private const int CancellationTimeout = 1_000;

    private readonly string _connectionString;
    private readonly PostgresFaultSentences _faults;

    public PostgresStore(DatabaseUrl url)
    {
        var target = ToConnection(new Uri(url.Text));
        _connectionString = target.ToString();
        _faults = new PostgresFaultSentences(target);
    }

    public override string Name => "postgres";

    public override string Location => _faults.Location;

    public override Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken) =>
        _faults.ExplainAsync(fault, cancellationToken);

    protected override void UseDatabase(DbContextOptionsBuilder options) => options.UseNpgsql(_connectionString);

    public override void CloseIdleConnections()
    {
        // the driver closes them by itself after five minutes
    }

    public override string TrafficUnlockSql => "SELECT pg_advisory_unlock_all()";

    // The number is the word "oneui" in hexadecimal: any, but always the same.
    public override string? TrafficLockSql => "SELECT pg_try_advisory_lock(478593512809) AS \"Value\"";

    public override bool IsUniqueViolation(DbException fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override string UpsertSql(
        string table,
        IReadOnlyList<string> columns,
        string values,
        IReadOnlyList<string> key,
        IReadOnlyList<string> added,
        IReadOnlyList<string> latest
    ) => OnConflictSql.Upsert(table, columns, values, key, added, latest);

    public override string InsertNewSql(string table, IReadOnlyList<string> columns, string values, string key, string? returned = null) =>
        OnConflictSql.InsertNew(table, columns, values, key, returned);

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

    // User, password, host, port and name from the URL; everything in its query (sslmode=require, ...) as Npgsql names it.
    private static NpgsqlConnectionStringBuilder ToConnection(Uri uri)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port <= 0 ? 5432 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            Options = PlannerOptions,
            Timeout = ConnectTimeout,
            CancellationTimeout = CancellationTimeout,
        };
        var credentials = uri.UserInfo.Split(':', 2);
        if (credentials[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(credentials[0]);
        }
        if (credentials.Length == 2)
        {
            builder.Password = Uri.UnescapeDataString(credentials[1]);
        }
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Set(builder, Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
        }
        return builder;
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        try
        {
            builder[name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? "SSL Mode" : name] = value;
        }
        catch (Exception fault)
            when (fault
                    is ArgumentException
                        or FormatException
                        or OverflowException
                        or NotSupportedException
                        or InvalidCastException
                        or KeyNotFoundException
            )
        {
            throw new InvalidDataException(
                $"DATABASE_URL has \"{name}\" after the ?, with a name or a value that the driver does not take. Its names: "
                    + "npgsql.org/doc/connection-string-parameters.html",
                fault
            );
        }
    }
}

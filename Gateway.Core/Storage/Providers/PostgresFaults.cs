using System.Data.Common;
using Npgsql;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// PostgreSQL's states (SQLSTATE) that say that the database is away. What the driver itself throws is a connection that broke, or a time
/// that ran out.
/// </summary>
internal static class PostgresFaults
{
    // By class: connection, transaction rolled back (deadlock, serialization), resources (disk full, too many connections), operator
    // (shutdown, cancelled), system (disk).
    private static readonly string[] AwayClasses = ["08", "40", "53", "57", "58"];

    // Not in these classes: a lock not given in time, a standby that takes no writes, a database or a table that has gone, a password that
    // was changed.
    private static readonly string[] AwayStates =
    [
        "55P03",
        "25006",
        "3D000",
        "42P01",
        PostgresErrorCodes.InvalidPassword,
        PostgresErrorCodes.InvalidAuthorizationSpecification,
        PostgresErrorCodes.DataCorrupted,
        PostgresErrorCodes.IndexCorrupted,
    ];

    // Of these what passes while somebody waits: the rest is a disk, an operator or a right.
    private static readonly string[] SoonStates = ["53300", "57P01", "57P02", "57P03"];
    private static readonly string[] SoonClasses = ["08", "40"];

    public static bool PassesSoon(DbException fault) =>
        fault switch
        {
            PostgresException server => SoonClasses.Contains(server.SqlState[..2]) || SoonStates.Contains(server.SqlState),
            NpgsqlException driver => driver.InnerException is not TimeoutException,
            _ => false,
        };

    public static bool IsAway(DbException fault) =>
        fault switch
        {
            PostgresException server => AwayClasses.Contains(server.SqlState[..2]) || AwayStates.Contains(server.SqlState),
            NpgsqlException => true,
            _ => false,
        };
}

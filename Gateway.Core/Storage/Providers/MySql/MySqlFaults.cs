using System.Data.Common;
using System.Net.Sockets;
using MySqlConnector;

namespace Gateway.Core.Storage.Providers.MySql;

/// <summary>
/// The codes of MySQL and MariaDB that say that the database is away: of the server, and of the driver where it got no answer.
/// </summary>
internal static class MySqlFaults
{
    public const int AccessDenied = 1045;
    public const int DatabaseDenied = 1044;
    public const int UnknownDatabase = 1049;
    public const int TooManyConnections = 1040;
    public const int HostBlocked = 1129;
    public const int HostNotAllowed = 1130;
    public const int ServerStops = 1053;
    public const int DiskFull = 1021;
    public const int TableFull = 1114;
    public const int OptionPrevents = 1290;
    public const int ReadOnly = 1836;
    public const int Deadlock = 1213;

    private static readonly HashSet<int> Away =
    [
        AccessDenied,
        DatabaseDenied,
        UnknownDatabase,
        TooManyConnections,
        HostBlocked,
        HostNotAllowed,
        ServerStops,
        DiskFull,
        TableFull,
        OptionPrevents,
        ReadOnly,
        Deadlock,
        1037, // out of memory
        1041, // out of resources
        1146, // no such table: an empty database where this one was
        1158, // packets that could not be read or written
        1159,
        1160,
        1161,
        1184,
        1205, // a lock not given in time
        1317, // a statement that was interrupted: by its time, or by an operator
        1927, // a session that was ended (MariaDB)
        1969, // a statement past the server's own time (MariaDB)
        3024, // the same (MySQL)
        3169, // a session that was ended (MySQL)
        4031, // a session that was ended because nobody used it (MySQL)
    ];

    public static bool IsAway(DbException fault) =>
        fault is MySqlException mysql
        && (
            mysql.IsTransient
            || mysql.Number <= 0
            || mysql.ErrorCode is MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.CommandTimeoutExpired
            || Away.Contains(mysql.Number)
            || mysql.InnerException is SocketException or IOException or TimeoutException
        );
}

using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Core.Storage.Providers;

/// <summary>SQLite's result codes that say that the database is away.</summary>
internal static class SqliteFaults
{
    public static bool IsAway(DbException fault) =>
        fault is SqliteException sqlite
        && (sqlite.SqliteErrorCode & 0xFF) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_INTERRUPT or raw.SQLITE_PROTOCOL => true, // somebody else is at it
            raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_NOMEM => true, // the disk, the memory
            // The file is gone or may not be written
            raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => true,
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => true, // whatever is sent: nothing will get in
            raw.SQLITE_ERROR => sqlite.Message.Contains("no such table", StringComparison.Ordinal), // an empty file where the database was
            _ => false,
        };
}

using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// The database's file as it was when the process began. SQLite goes on with a file that was deleted: all connections that are open write
/// into it, and everything is gone with the last of them. Linux tells by the open handle whether the file still has its name; elsewhere
/// only its absence is seen.
/// </summary>
internal sealed class SqliteFile
{
    private const string Deleted = " (deleted)";

    private readonly string _path;

    // Never closed: closing one handle of a file gives up all locks that the process has on it, also those of SQLite's connections.
    private readonly SafeFileHandle _handle;
    private readonly string? _link;

    private SqliteFile(string path)
    {
        _path = Path.GetFullPath(path);
        _handle = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _link = OperatingSystem.IsLinux() ? $"/proc/self/fd/{_handle.DangerousGetHandle()}" : null;
    }

    /// <summary>Whether the file at the path is still the same.</summary>
    public bool IsInPlace =>
        File.Exists(_path) && (_link is null || new FileInfo(_link).LinkTarget?.EndsWith(Deleted, StringComparison.Ordinal) != true);

    /// <summary>
    /// Makes the file when it is missing, with a log that lets readers and a writer work at the same time, and keeps an eye on it from here
    /// on.
    /// </summary>
    public static SqliteFile Open(string path)
    {
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL";
            command.ExecuteNonQuery();
        }
        return new SqliteFile(path);
    }
}

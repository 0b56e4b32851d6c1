using Microsoft.Data.Sqlite;

namespace Gateway.Core.Storage.Providers;

/// <summary>Says in one line why a SQLite file cannot be used, and what to do.</summary>
internal static class SqliteFaultSentences
{
    // By SQLite's primary result codes: https://www.sqlite.org/rescode.html
    private static readonly Dictionary<int, (string What, string Remedy)> Codes = new()
    {
        [3] = ("access to it is denied", "Give this process the right to read and write the file and its folder"),
        [5] = ("another process keeps it locked", "Stop the other process"),
        [6] = ("another connection keeps it locked", "Stop what holds it"),
        [8] = ("it is read-only", "Give this process the right to write the file and its folder"),
        [10] = ("its disk does not read or write", "Look at the machine's log, and at the disk"),
        [11] = ("it is damaged", "Restore it from a backup"),
        [13] = ("its disk is full", "Make room on the disk"),
        [14] = ("it cannot be opened", "Check that the folder exists and that this process may read and write in it"),
        [26] = ("it is not a SQLite database", "Check DATABASE_URL or DATA_DIR, or restore the file from a backup"),
    };

    /// <summary>Explains a fault.</summary>
    /// <param name="file">The database.</param>
    /// <param name="fault">What was thrown.</param>
    /// <returns>One line; null when the fault has nothing to do with the database.</returns>
    public static string? Explain(string file, Exception? fault)
    {
        while (fault is not (null or SqliteException))
        {
            fault = fault.InnerException;
        }
        if (fault is not SqliteException refused)
        {
            return null;
        }
        var (what, remedy) = Directory.Exists(file)
            ? ("it is a folder", "Add the name of a file")
            : Codes.GetValueOrDefault(refused.SqliteErrorCode, ("SQLite refused", ""));
        var reason = refused.Message.ReplaceLineEndings(" ").TrimEnd('.');
        return $"The SQLite database \"{file}\" (DATABASE_URL, or hub.db in DATA_DIR) cannot be used: {what} "
            + $"({reason}).{(remedy.Length > 0 ? $" {remedy}." : "")}";
    }
}

using System.Globalization;
using System.Text;

namespace Gateway.Core.Journal;

/// <summary>
/// One node's folder below <c>&lt;DATA_DIR&gt;/journal/</c>, under the lock of the operating system: nobody else writes, replays or deletes
/// in it until it is disposed or the process is gone, however it went.
/// </summary>
public sealed class JournalFolder : IDisposable
{
    private const string LockName = "lock";

    // EWOULDBLOCK of Linux and of macOS; ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] LockedErrors = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _lock;

    private JournalFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    // Set by the journal that writes here: from then on the segments are no longer only those of a process that is gone.
    internal bool IsInUse { get; set; }

    /// <summary>The folder of a node: its name, with what a file name cannot be trusted with written as <c>%XX</c>.</summary>
    public static string PathOf(string dataDirectory, string nodeId) => System.IO.Path.Combine(Root(dataDirectory), FileNameOf(nodeId));

    /// <summary>Locks a folder for this process; makes it when it is missing.</summary>
    /// <exception cref="JournalException">Another process has it, or it cannot be made or written in.</exception>
    public static JournalFolder Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return TryLock(path)
                ?? throw new JournalException(
                    $"The journal folder '{path}' is in use by another process (the file 'lock' in it names it). Give each node a "
                        + "NODE_ID or a DATA_DIR of its own."
                );
        }
        catch (Exception fault) when (fault is (IOException or UnauthorizedAccessException) and not JournalException)
        {
            throw new JournalException(
                $"The journal folder '{path}' cannot be used: {fault.Message} DATA_DIR has to be a folder that this process may write in.",
                fault
            );
        }
    }

    /// <summary>Locks the folders of other names whose processes are gone, for replay. Folders that are in use are left out.</summary>
    /// <param name="dataDirectory">The folder that <c>journal/</c> is in.</param>
    /// <param name="own">This node's folder, which is left out.</param>
    /// <exception cref="JournalException">A folder cannot be read or written in.</exception>
    public static IReadOnlyList<JournalFolder> LockAbandoned(string dataDirectory, JournalFolder own)
    {
        List<JournalFolder> folders = [];
        try
        {
            foreach (var path in Directory.EnumerateDirectories(Root(dataDirectory)).Order(StringComparer.Ordinal))
            {
                if (System.IO.Path.GetFileName(path) != System.IO.Path.GetFileName(own.Path) && TryLock(path) is { } folder)
                {
                    folders.Add(folder);
                }
            }
            return folders;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            folders.ForEach(f => f.Dispose());
            throw new JournalException($"The journals below '{Root(dataDirectory)}' cannot be taken over: {fault.Message}", fault);
        }
    }

    /// <summary>Deletes the folder when nothing but the lock is left in it. For folders of nodes that are gone.</summary>
    public void DeleteIfEmpty()
    {
        if (Directory.EnumerateFileSystemEntries(Path).All(e => System.IO.Path.GetFileName(e) == LockName))
        {
            // While the lock is held. Who has opened the file before it went finds out in TryLock.
            File.Delete(System.IO.Path.Combine(Path, LockName));
            Directory.Delete(Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string Root(string dataDirectory) => System.IO.Path.Combine(dataDirectory, "journal");

    private static string FileNameOf(string nodeId) =>
        string.Concat(
            nodeId.Select(
                (c, i) =>
                    char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (c == '.' && i > 0)
                        ? c.ToString()
                        : Uri.HexEscape(c <= 0xFF ? c : '?')
            )
        );

    private static JournalFolder? TryLock(string path)
    {
        var file = System.IO.Path.Combine(path, LockName);
        while (true)
        {
            FileStream held;
            try
            {
                held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException fault) when (LockedErrors.Contains(fault.HResult) || fault is DirectoryNotFoundException)
            {
                return null; // somebody has it, or it was just replayed and deleted
            }
            // Another process that had it may have deleted it with its folder, between opening and locking it here: a lock that nobody else
            // would ever find.
            if (File.Exists(file))
            {
                WriteOwner(held);
                return new JournalFolder(path, held);
            }
            held.Dispose();
        }
    }

    // For people who look at the folder; nothing reads it.
    private static void WriteOwner(FileStream held)
    {
        held.SetLength(0);
        held.Write(
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n")
            )
        );
        held.Flush();
    }
}

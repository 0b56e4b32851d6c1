using Gateway.Core.Files;

namespace Gateway.Core.Configuration;

/// <summary>Chats and the files of their users.</summary>
public sealed class ChatOptions
{
    /// <summary>The largest file that a user may upload, in bytes; above it the answer is 413.</summary>
    [NumberOption("MAX_UPLOAD_SIZE", 1, 1L << 32, "bytes")]
    public long MaxUploadBytes { get; internal set; } = 50 * 1024 * 1024;

    /// <summary>
    /// Where the bytes of users' files go: <c>disk</c> or <c>database</c>. Null: on disk beside a database that is a file, else into the
    /// database, where every node finds them.
    /// </summary>
    [FormOption("FILES_STORE", "disk or database", nameof(IsStore))]
    public string? FilesStore { get; internal set; }

    /// <summary>The most messages that a chat is opened with, the newest ones; pages show all.</summary>
    [NumberOption("CHAT_SHOWN_MESSAGES", 1, 100_000, "messages")]
    public int ChatShownMessages { get; internal set; } = 1_000;

    /// <summary>After how much silence a stream of a chat gets a comment, so that nobody on the way takes it for dead.</summary>
    [SecondsOption("CHAT_KEEP_ALIVE_SECONDS", 1, 3_600)]
    public TimeSpan ChatKeepAlive { get; internal set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often what came so far of a chat's answer is written down, so that it is there when the node dies; zero: never.
    /// </summary>
    [SecondsOption("CHAT_DRAFT_SECONDS", 0, 3_600)]
    public TimeSpan ChatDraftInterval { get; internal set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a node may give no sign in the database until another one takes it for dead and ends the answers that it was making. A sign
    /// is given three times as often.
    /// </summary>
    [SecondsOption("CHAT_NODE_LEASE_SECONDS", 3, 3_600)]
    public TimeSpan ChatNodeLease { get; internal set; } = TimeSpan.FromSeconds(30);

    private static bool IsStore(string text) => text is FileStores.Disk or FileStores.Database;
}

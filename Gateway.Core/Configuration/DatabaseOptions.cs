namespace Gateway.Core.Configuration;

/// <summary>Where the database is and how long it is waited for.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Where the database is; null means the SQLite file <c>hub.db</c> in <see cref="ServerOptions.DataDirectory"/>.</summary>
    [FormOption(
        "DATABASE_URL",
        "sqlite:<file>, postgres://user:password@host:port/name or mysql://user:password@host:port/name",
        nameof(IsDatabase),
        IsSecret = true
    )]
    public string? DatabaseUrl { get; internal set; }

    /// <summary>
    /// Where the session listens in which PostgreSQL tells of changes as they are committed: past a pooler that gives sessions away after
    /// each transaction. Null: at <see cref="DatabaseUrl"/>.
    /// </summary>
    [FormOption("DATABASE_LISTEN_URL", "postgres://user:password@host:port/name", nameof(IsPostgres), IsSecret = true)]
    public string? ListenUrl { get; internal set; }

    /// <summary>The most connections to a database server that this process has open at once, the listening one apart.</summary>
    [NumberOption("DATABASE_CONNECTIONS", 4, 1_000, "connections")]
    public int MostConnections { get; internal set; } = 20;

    /// <summary>Whether the schema is brought up to date at start. When false, a schema that is behind stops the start.</summary>
    [SwitchOption("MIGRATE_ON_START")]
    public bool MigrateOnStart { get; internal set; } = true;

    /// <summary>How long health checks and callers that are not known yet wait for the database before it counts as away.</summary>
    [SecondsOption("DATABASE_WAIT_SECONDS", 0.1, 60)]
    public TimeSpan DatabaseWait { get; internal set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long one statement of a management request may take, waits for locks included, before the request is answered with 503; whole
    /// seconds.
    /// </summary>
    [SecondsOption("ADMIN_DATABASE_WAIT_SECONDS", 1, 300)]
    public TimeSpan AdminDatabaseWait { get; internal set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often changes made by other nodes are looked for. Bounds how long a revoked key still works there.</summary>
    [NumberOption("CHANGE_POLL_MS", 10, 1_000, "milliseconds")]
    public TimeSpan ChangePollInterval { get; internal set; } = TimeSpan.FromMilliseconds(500);

    private static bool IsDatabase(string text) => Storage.DatabaseUrl.TryParse(text, out _);

    private static bool IsPostgres(string text) => Storage.DatabaseUrl.TryParse(text, out var url) && url.Scheme == "postgres";
}

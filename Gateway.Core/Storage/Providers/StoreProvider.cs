using System.Data;
using System.Data.Common;
using Gateway.Core.Configuration;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage.Providers;

/// <summary>All that differs between databases. One file per provider; nothing else in the product knows which one is at work.</summary>
public abstract class StoreProvider
{
    private readonly ConnectionCount _connections = new();

    /// <summary>The provider of a database.</summary>
    /// <param name="url">Where the database is.</param>
    /// <param name="options">How it is used; null: as by default.</param>
    public static StoreProvider For(DatabaseUrl url, DatabaseOptions? options = null) =>
        url.Scheme switch
        {
            "sqlite" => new SqliteStore(url),
            "postgres" => new PostgresStore(url, options ?? new DatabaseOptions()),
            "mysql" => BuildFlavour.MySql(url, options ?? new DatabaseOptions()),
            _ => throw new ArgumentException($"No provider for {url.Scheme}.", nameof(url)),
        };

    /// <summary>The provider's name for logs: <c>sqlite</c>, <c>postgres</c>, <c>mysql</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Points a context at the database and has its long lists counted.</summary>
    public void Configure(DbContextOptionsBuilder options)
    {
        UseDatabase(options);
        options.AddInterceptors(new RowCounting(this));
        options.AddInterceptors(DatabasePatience.Interceptors);
        options.AddInterceptors(_connections);
    }

    /// <summary>Connections in use at this moment; those that wait in the driver's pool are not.</summary>
    public int ConnectionsInUse => _connections.Used;

    /// <summary>Where the database is, for people; without the password.</summary>
    public abstract string Location { get; }

    /// <summary>Whether only this machine reaches the database, so that what belongs to it may lie beside it on the disk.</summary>
    public virtual bool IsLocal => false;

    /// <summary>Makes what must exist before the first connection: a folder, or a database with the right text comparison.</summary>
    /// <exception cref="IOException">It cannot be made, or is not as the product needs it; the message is for the operator.</exception>
    public virtual void Prepare() { }

    /// <summary>
    /// Whether the database is still the one that was prepared: false when its file was deleted or replaced under the running process.
    /// Cheap.
    /// </summary>
    public virtual bool IsInPlace => true;

    /// <summary>Throws when the database is not in place: what was written into it is lost with it.</summary>
    /// <exception cref="DatabaseGoneException">It is not.</exception>
    public void RequireInPlace()
    {
        if (!IsInPlace)
        {
            throw new DatabaseGoneException();
        }
    }

    /// <summary>How much room the disk of the database has, bytes; null: nobody here knows.</summary>
    public virtual long? FreeBytes => null;

    /// <summary>
    /// Whether a connection would make the database, because it is not there yet. A command that only reads must not make one.
    /// </summary>
    public virtual bool IsMissing => false;

    /// <summary>Explains a fault of the database to an operator.</summary>
    /// <param name="fault">What was thrown; the cause may stand inside of it.</param>
    /// <param name="cancellationToken">Gives up looking at what answers there.</param>
    /// <returns>
    /// One line with what was tried, what came back and what to do; null when the fault has nothing to do with the database.
    /// </returns>
    public abstract Task<string?> ExplainAsync(Exception fault, CancellationToken cancellationToken);

    /// <summary>
    /// SQL that asks, once and without waiting, for the lock of the one node that serves traffic, and returns whether it was given:
    /// true, or 1. Null: the database cannot be shared.
    /// </summary>
    public virtual string? TrafficLockSql => null;

    /// <summary>SQL that gives the lock back. A pooled connection keeps its session, and the lock with it, after it was closed.</summary>
    public virtual string TrafficUnlockSql => "";

    /// <summary>
    /// Waits until no other process on this database is at such work, and keeps others from it until what is returned is disposed of, or
    /// this process dies. Without an effect where processes cannot share the database.
    /// </summary>
    /// <param name="work">Its name; letters and underscores.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public virtual Task<IAsyncDisposable> TakeTurnAsync(string work, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable>(WorkTurn.OfNobodyElse);

    /// <summary>Whether the database tells of changes as they are committed.</summary>
    public virtual bool TellsChanges => false;

    /// <summary>Makes the session in which the database tells of changes (<see cref="SqlWords.TellRevision"/>); not opened yet.</summary>
    /// <exception cref="NotSupportedException">This database tells nobody (<see cref="TellsChanges"/>).</exception>
    public virtual ChangeNotices OpenNotices() => throw new NotSupportedException($"{Name} tells nobody of changes.");

    /// <summary>
    /// Tells the database how many rows its indexes find; to be called now and then. In steps, with gaps for other writers. Does nothing
    /// where the database sees to that itself.
    /// </summary>
    /// <param name="db">A context of this call alone.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public virtual Task MaintainAsync(HubDbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Keeps the database's log on the disk from growing without an end while many read. Cheap; call it after each batch, outside of a
    /// transaction.
    /// </summary>
    public virtual void KeepLogShort() { }

    /// <summary>
    /// SQL that lets a column whose numbers the database gives go on after the greatest one that is there, when rows came with theirs.
    /// Null: it does so by itself.
    /// </summary>
    public virtual string? GoOnCountingSql(string table, string column) => null;

    /// <summary>Closes pooled connections that nobody uses, and gives up what they keep in memory.</summary>
    public abstract void CloseIdleConnections();

    /// <summary>Begins a transaction that reads one state of the database and keeps nobody from writing.</summary>
    public virtual async Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    /// <summary>True when the fault is a broken unique index or primary key.</summary>
    public abstract bool IsUniqueViolation(DbException fault);

    /// <summary>
    /// SQL that inserts rows given as <c>VALUES</c> and, where a row with that key stands already, adds the numbers of
    /// <paramref name="added"/> to it and keeps the greater value in the columns of <paramref name="latest"/>: calls do not arrive in the
    /// order of their admission.
    /// </summary>
    public virtual string UpsertSql(
        string table,
        IReadOnlyList<string> columns,
        string values,
        IReadOnlyList<string> key,
        IReadOnlyList<string> added,
        IReadOnlyList<string> latest
    ) => OnConflictSql.Upsert(table, columns, values, key, added, latest);

    /// <summary>SQL that inserts rows given as <c>VALUES</c>, or puts them in the place of those that stand with their key.</summary>
    public virtual string ReplaceSql(string table, IReadOnlyList<string> columns, string values, IReadOnlyList<string> key) =>
        OnConflictSql.Replace(table, columns, values, key);

    /// <summary>Inserts rows, in an open transaction, and leaves rows alone whose key stands already.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="key">The column of the key.</param>
    /// <param name="rows">The values of each row, in the order of the columns. An array may be filled again for the next row.</param>
    /// <param name="cancellationToken">Gives up; the transaction is then to be rolled back.</param>
    /// <param name="returned">SQL of the key as text; null: it is text.</param>
    /// <returns>The key of each row that was inserted.</returns>
    public virtual Task<IReadOnlyList<string>> InsertNewAsync(
        DbTransaction transaction,
        string table,
        IReadOnlyList<string> columns,
        string key,
        IEnumerable<object?[]> rows,
        CancellationToken cancellationToken,
        string? returned = null
    ) => WriteRowsAsync(transaction, values => OnConflictSql.InsertNew(table, columns, values, key, returned), rows, cancellationToken);

    /// <summary>SQL that makes the id of a call text, with or without hyphens.</summary>
    public abstract string CallIdSql(string column);

    /// <summary>
    /// Runs one statement for many rows, in an open transaction. The statement is made once and filled again: the cheapest way for this
    /// database.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="statement">The SQL around <c>VALUES</c>, as <see cref="UpsertSql"/> makes it from the text of the values.</param>
    /// <param name="rows">The values of each row, in the order of the columns. An array may be filled again for the next row.</param>
    /// <param name="cancellationToken">Gives up; the transaction is then to be rolled back.</param>
    /// <returns>What the statement returned, row by row: its first column.</returns>
    public abstract Task<IReadOnlyList<string>> WriteRowsAsync(
        DbTransaction transaction,
        Func<string, string> statement,
        IEnumerable<object?[]> rows,
        CancellationToken cancellationToken
    );

    /// <summary>Points a context at the database.</summary>
    protected abstract void UseDatabase(DbContextOptionsBuilder options);

    /// <summary>A parameter's value in the form that the driver takes without the help of EF's type mapping.</summary>
    public abstract object ToParameter(object? value);
}

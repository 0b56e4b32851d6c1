namespace Gateway.Core.Storage.Providers;

/// <summary>
/// A session of its own in which the database tells of changes as they are committed. For one user at a time. What is told while nobody
/// listens is lost: who opens one reads the change log then.
/// </summary>
public abstract class ChangeNotices : IAsyncDisposable
{
    /// <summary>Opens the session. From here on no change is missed until it breaks.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    /// <exception cref="InvalidDataException">
    /// It answers, but what is told does not come through: what stands between gives the session away. The message is for the operator.
    /// </exception>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Waits for the next notice.</summary>
    /// <param name="silence">How long; then the session is looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The revision that was committed; null: it was silent, and the session is well.</returns>
    /// <exception cref="System.Data.Common.DbException">The session is broken.</exception>
    public abstract Task<long?> NextAsync(TimeSpan silence, CancellationToken cancellationToken);

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}

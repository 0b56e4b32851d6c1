using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Policy;

/// <summary>
/// Hands every committed change to this process's caches and policy, once and in order: at once for changes made here
/// (<see cref="CatchUpAsync"/>), within <c>CHANGE_POLL_MS</c> for those of other nodes.
/// </summary>
public sealed class ChangeFeed(IDbContextFactory<HubDbContext> databases, IEnumerable<IChangeConsumer> consumers, TimeProvider time)
{
    private const int PageSize = 1_000;

    private readonly IChangeConsumer[] _consumers = [.. consumers];
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private long _revision = -1;
    private long _caughtUpTicks;

    /// <summary>
    /// A change came into force here: so long after it was made, by the clocks of both nodes. Raised for each, those of this node too.
    /// </summary>
    public event Action<TimeSpan>? CameIntoForce;

    /// <summary>The newest revision that this process acts on; -1 before <see cref="StartAsync"/>.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>When the change log was last read to its end, UTC: what was committed before is in force.</summary>
    public DateTimeOffset CaughtUpAt => new(Volatile.Read(ref _caughtUpTicks), TimeSpan.Zero);

    /// <summary>Begins at the present revision: everything is read fresh after this, so older changes are of no interest.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        Volatile.Write(ref _revision, await db.PolicyRevisions.Select(r => r.Revision).SingleAsync(cancellationToken));
        foreach (var consumer in _consumers)
        {
            await consumer.ResetAsync(cancellationToken);
        }
        Volatile.Write(ref _caughtUpTicks, time.GetUtcNow().UtcTicks);
    }

    /// <summary>Applies all that is committed. When it returns, changes committed before the call are in force in this process.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var asked = time.GetUtcNow();
            for (var more = true; more; )
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                var after = Revision;
                var changes = await db
                    .ChangeLog.AsNoTracking()
                    .Where(c => c.Revision > after)
                    .OrderBy(c => c.Revision)
                    .Take(PageSize)
                    .ToListAsync(cancellationToken);
                if (changes.Count > 0)
                {
                    await ApplyAsync(changes, cancellationToken);
                }
                more = changes.Count == PageSize;
            }
            Volatile.Write(ref _caughtUpTicks, asked.UtcTicks);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // The revision moves only after all consumers have taken the changes: after a fault they are handed out again, which consumers bear.
    private async Task ApplyAsync(List<ChangeLogEntry> changes, CancellationToken cancellationToken)
    {
        foreach (var consumer in _consumers)
        {
            await consumer.ApplyAsync(changes, cancellationToken);
        }
        Volatile.Write(ref _revision, changes[^1].Revision);
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var change in changes)
        {
            CameIntoForce?.Invoke(now > change.ChangedAt ? now - change.ChangedAt : TimeSpan.Zero);
        }
    }
}

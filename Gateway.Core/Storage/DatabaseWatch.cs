using Gateway.Core.Configuration;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage;

/// <summary>
/// Looks after the database, so that nobody has to find out by waiting that it hangs: who sees <see cref="DatabaseState.Away"/> here says
/// so at once. One look at a time; thread-safe.
/// </summary>
public sealed class DatabaseWatch(IDbContextFactory<HubDbContext> databases, StoreProvider store, DatabaseOptions options)
{
    // A machine without a moment to spare can miss one look. A fault is a fault at once.
    private const int SilentLooks = 2;

    private readonly Lock _gate = new();
    private Task<DatabaseState>? _look;
    private volatile DatabaseState _state;
    private int _silent;

    /// <summary>What the last looks found. Memory only: every call asks.</summary>
    public DatabaseState State => _state;

    /// <summary>
    /// Whether the database may be asked. Where the last look says that it is away, the next one is waited for, by all who ask together: it
    /// may be back.
    /// </summary>
    public async ValueTask<bool> AnswersAsync() =>
        _state == DatabaseState.Ok || (_state == DatabaseState.Away && await LookAsync() == DatabaseState.Ok);

    /// <summary>Looks at the file alone. Once it is gone it stays so: what is in memory here belongs to the file that was.</summary>
    /// <returns>Whether it is in its place.</returns>
    public bool LookAtFile()
    {
        if (!store.IsInPlace)
        {
            _state = DatabaseState.Gone;
        }
        return _state != DatabaseState.Gone;
    }

    /// <summary>Looks. Within <see cref="DatabaseOptions.DatabaseWait"/> there is an answer, whatever the database does.</summary>
    /// <returns>What this look found: <see cref="DatabaseState.Away"/> also for one that was silent once.</returns>
    public Task<DatabaseState> LookAsync()
    {
        lock (_gate)
        {
            return _look is { IsCompleted: false } ? _look : _look = LookOnceAsync();
        }
    }

    private async Task<DatabaseState> LookOnceAsync()
    {
        if (!LookAtFile())
        {
            return DatabaseState.Gone;
        }
        try
        {
            await Task.Run(AskAsync).WaitAsync(options.DatabaseWait);
            _silent = 0;
            return LookAtFile() ? _state = DatabaseState.Ok : DatabaseState.Gone;
        }
        catch (TimeoutException)
        {
            if (++_silent >= SilentLooks)
            {
                _state = DatabaseState.Away;
            }
            return DatabaseState.Away;
        }
        catch (Exception fault) when (DatabaseFaults.IsOfConnection(fault))
        {
            return _state = DatabaseState.Away;
        }
    }

    private async Task AskAsync()
    {
        DatabasePatience.Set(options.DatabaseWait);
        await DatabaseReads.RunAsync(async () =>
        {
            await using var db = await databases.CreateDbContextAsync();
            return await db.PolicyRevisions.AnyAsync();
        });
    }
}

using System.Data.Common;
using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Limits.Budgets;

/// <summary>
/// One writer of money: a node that serves traffic locks its <c>DATA_DIR</c> and, where several machines could share the database, the
/// database. The operating system and the database release both when the process dies, however it dies. While the database is away nobody
/// else can have its lock, and calls go on; where another node has it after that, calls on budgets are refused here.
/// </summary>
internal sealed partial class TrafficLock(
    IDbContextFactory<HubDbContext> databases,
    StoreProvider store,
    ServerOptions options,
    Rounds rounds,
    ILogger<TrafficLock> logger
) : PeriodicService("traffic_lock", rounds)
{
    private FileStream? _folder;
    private HubDbContext? _session;
    private DbConnection? _connection; // asked past the context: it is still good when the container that made the context goes
    private volatile bool _isHeld;
    private bool _isConnected;

    /// <summary>Whether this node may pay from budgets.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>Looks at the database's lock, where there is one.</summary>
    protected override TimeSpan Interval => store.TrafficLockSql is null ? TimeSpan.Zero : TimeSpan.FromSeconds(1);

    /// <summary>Takes both locks.</summary>
    /// <returns>Null, or why this process must not serve traffic, for its operator.</returns>
    public async Task<string?> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(options.DataDirectory);
            _folder = new FileStream(
                Path.Combine(options.DataDirectory, "traffic.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"Another gateway process uses the data folder {options.DataDirectory}, or it cannot be written: {fault.Message} "
                + "Stop the other one, or give this one a DATA_DIR of its own.";
        }
        return await TryLockDatabaseAsync(cancellationToken)
            ? null
            : (
                "Another gateway node serves traffic on this database. Stop it first, or start this one with HUB_ROLE=admin: until nodes "
                + "can share budgets, one of them serves /v1."
            );
    }

    /// <summary>Gives the database's lock back: by then all that was settled is written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Unlock();
    }

    public override void Dispose()
    {
        Unlock(); // of a process that did not come to its start
        _session?.Dispose();
        _folder?.Dispose();
        base.Dispose();
    }

    // The lock lives as long as its connection does.
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_isConnected && _isHeld)
            {
                await ExecuteAsync("SELECT 1", cancellationToken);
                return;
            }
            var wasHeld = _isHeld;
            if (await TryLockDatabaseAsync(cancellationToken))
            {
                Log.Regained(logger);
            }
            else if (wasHeld)
            {
                Log.Lost(logger);
            }
        }
        catch (Exception fault) when (DatabaseFaults.IsOfConnection(fault))
        {
            if (_isConnected)
            {
                _isConnected = false;
                Log.Away(logger, fault.Message);
            }
        }
    }

    private void Unlock()
    {
        if (!_isConnected || _connection is null)
        {
            return;
        }
        _isConnected = false;
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = store.TrafficUnlockSql;
            command.ExecuteNonQuery();
        }
        catch (Exception fault) when (DatabaseFaults.IsOfConnection(fault))
        {
            Log.Away(logger, fault.Message); // the session has gone, and the lock with it
        }
    }

    private async Task<bool> TryLockDatabaseAsync(CancellationToken cancellationToken)
    {
        if (store.TrafficLockSql is not { } sql)
        {
            return _isHeld = true;
        }
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }
        _session = await databases.CreateDbContextAsync(cancellationToken);
        await _session.Database.OpenConnectionAsync(cancellationToken);
        _connection = _session.Database.GetDbConnection();
        _isHeld = await ExecuteAsync(sql, cancellationToken) is true or 1 or 1L;
        _isConnected = true;
        return _isHeld;
    }

    private async Task<object?> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _connection!.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database that this node has locked does not answer: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Another node has the lock on the database: calls on budgets are refused here until it is free."
        )]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The lock on the database is held again.")]
        public static partial void Regained(ILogger logger);
    }
}

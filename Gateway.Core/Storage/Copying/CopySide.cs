using System.Data.Common;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage.Copying;

/// <summary>One of the two databases of a copy, with the lock that keeps a gateway from serving traffic on it.</summary>
internal sealed class CopySide : IDbContextFactory<HubDbContext>, IAsyncDisposable
{
    private readonly DbContextOptions<HubDbContext> _options;
    private readonly HubDbContext _lock;

    private CopySide(StoreProvider store)
    {
        Store = store;
        var options = new DbContextOptionsBuilder<HubDbContext>();
        store.Configure(options);
        _options = options.Options;
        _lock = CreateDbContext();
    }

    /// <summary>Its provider.</summary>
    public StoreProvider Store { get; }

    public HubDbContext CreateDbContext() => new(_options);

    /// <summary>Opens a database.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="makes">Whether it is made, and brought to the schema of this version; else it must have it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">It cannot take part; the message is for the operator.</exception>
    public static async Task<CopySide> OpenAsync(DatabaseUrl url, bool makes, CancellationToken cancellationToken)
    {
        var side = new CopySide(StoreProvider.For(url));
        try
        {
            await side.OpenAsync(makes, cancellationToken);
            return side;
        }
        catch (Exception fault)
        {
            await side.DisposeAsync();
            if (fault is OperationCanceledException or InvalidDataException)
            {
                throw;
            }
            throw await side.Store.ExplainAsync(fault, cancellationToken) is { } explained
                ? new InvalidDataException(explained, fault)
                : fault;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Store.TrafficLockSql is not null && _lock.Database.GetDbConnection().State == System.Data.ConnectionState.Open)
        {
            try
            {
                await ExecuteAsync(Store.TrafficUnlockSql, CancellationToken.None);
            }
            catch (DbException)
            {
                // the session has gone, and the lock with it
            }
        }
        await _lock.DisposeAsync();
    }

    private async Task OpenAsync(bool makes, CancellationToken cancellationToken)
    {
        if (makes)
        {
            Store.Prepare();
            await _lock.Database.MigrateAsync(cancellationToken);
        }
        else if (Store.IsMissing)
        {
            throw new InvalidDataException($"There is no database: {Store.Location} does not exist. Check --from.");
        }
        await _lock.Database.OpenConnectionAsync(cancellationToken);
        if ((await _lock.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            throw new InvalidDataException(
                $"The schema of {Store.Location} is not that of this version. Start the gateway once on it: it brings it up to date."
            );
        }
        if (Store.TrafficLockSql is { } sql && await ExecuteAsync(sql, cancellationToken) is not (true or 1 or 1L))
        {
            throw new InvalidDataException($"A gateway serves traffic on {Store.Location}. Stop it first.");
        }
    }

    private async Task<object?> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _lock.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

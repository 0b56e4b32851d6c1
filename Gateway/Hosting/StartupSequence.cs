using Gateway.Admin;
using Gateway.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Hosting;

/// <summary>
/// What happens before the first request is taken: schema, what a process before this one left behind, first rows, catalogue, policy.
/// </summary>
internal static partial class StartupSequence
{
    // What a command of a migration may take: rows of a large ledger take minutes.
    private static readonly TimeSpan LongestMigration = TimeSpan.FromHours(12);

    // How often the log hears of it.
    private static readonly TimeSpan MigrationTold = TimeSpan.FromSeconds(30);

    /// <summary>Runs it.</summary>
    /// <returns>What an operator must be shown once: in Development at the first start an admin and a key, else nothing.</returns>
    /// <exception cref="StartFailedException">It cannot start; with the database's faults explained.</exception>
    public static async Task<FirstStartResult> RunAsync(WebApplication app, HubOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await RunStepsAsync(app.Services, options, cancellationToken);
        }
        catch (Exception fault) when (fault is not (StartFailedException or OperationCanceledException))
        {
            if (
                !cancellationToken.IsCancellationRequested
                && await app.Services.GetRequiredService<StoreProvider>().ExplainAsync(fault, cancellationToken) is { } explained
            )
            {
                throw new StartFailedException(explained, fault);
            }
            throw;
        }
    }

    private static async Task<FirstStartResult> RunStepsAsync(
        IServiceProvider services,
        HubOptions options,
        CancellationToken cancellationToken
    )
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Hosting.StartupSequence");
        DataFolder.Prepare(options);
        services.GetRequiredService<StoreProvider>().Prepare();
        await MigrateAsync(services, options, logger, cancellationToken);
        if (services.GetService<TrafficLock>() is { } traffic && await traffic.TakeAsync(cancellationToken) is { } reason)
        {
            throw new StartFailedException(reason);
        }
        if (services.GetService<JournalStart>() is { } journal)
        {
            await journal.RunAsync(cancellationToken);
        }
        if (services.GetService<NodeLeases>() is { } nodes)
        {
            await nodes.JoinAsync(cancellationToken); // the calls of those that are gone stand in the ledger now
        }
        if (services.GetService<WindowExchange>() is { } windows)
        {
            await windows.JoinAsync(cancellationToken); // this node is registered: of two that start together one sees the other
        }
        var feed = services.GetRequiredService<ChangeFeed>();
        var started = feed.StartAsync(cancellationToken);
        if (options.Server.Role == HubRole.Gateway)
        {
            await started;
            return FirstStartResult.Nothing;
        }
        var first = services.GetRequiredService<FirstStart>().RunAsync(cancellationToken); // at the same time: both mostly read
        await Task.WhenAll(started, first);
        // With a stored catalogue the upstream is not waited for; the sync then begins with the services.
        if (services.GetRequiredService<PolicySource>().Current.Models.Count == 0)
        {
            await SyncAsync(services, logger, cancellationToken);
            await feed.CatchUpAsync(cancellationToken);
        }
        return await first;
    }

    /// <summary>Logs what an operator should know about the environment.</summary>
    public static void Note(WebApplication app, IEnumerable<string> notes)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Hosting.StartupSequence");
        foreach (var note in notes)
        {
            Log.Note(logger, note);
        }
    }

    private static async Task MigrateAsync(
        IServiceProvider services,
        HubOptions options,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(cancellationToken);
        var schema = await SchemaVersion.ReadAsync(db, cancellationToken);
        if (!schema.IsCurrent)
        {
            schema = await MigrateAsync(db, services, options, logger, cancellationToken);
        }
        Check(schema, logger);
        // Elsewhere the ledger's retention sees to it, at once and every hour.
        if (options.Server.Role == HubRole.Admin)
        {
            await services.GetRequiredService<StoreProvider>().MaintainAsync(db, cancellationToken);
        }
    }

    // Nodes that start together take turns: the first one migrates, the others find that it is done.
    private static async Task<SchemaVersion> MigrateAsync(
        HubDbContext db,
        IServiceProvider services,
        HubOptions options,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        await using var turn = await services.GetRequiredService<StoreProvider>().TakeTurnAsync("migration", cancellationToken);
        var schema = await SchemaVersion.ReadAsync(db, cancellationToken);
        if (schema.IsCurrent)
        {
            return schema;
        }
        Check(schema, logger);
        if (options.Database.MigrateOnStart)
        {
            await MigrateAsync(db, services, logger, cancellationToken);
        }
        else if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            throw new StartFailedException(
                "The database's schema is behind and MIGRATE_ON_START is false. Start once with MIGRATE_ON_START=true."
            );
        }
        return schema;
    }

    // A newer program was here. What it added is in nobody's way; what it took away is.
    private static void Check(SchemaVersion schema, ILogger logger)
    {
        if (schema.Broken.Any())
        {
            throw new StartFailedException(
                $"The database was changed by a newer release of the gateway ({string.Join(", ", schema.Broken)}), and this one cannot "
                    + "work with it. Start the newer release, or restore the database from before it."
            );
        }
        if (schema.Newer.Count > 0)
        {
            Log.Newer(logger, schema.Newer.Count);
        }
    }

    private static async Task MigrateAsync(HubDbContext db, IServiceProvider services, ILogger logger, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(LongestMigration);
        if (await LedgerMove.FindAsync(db, cancellationToken) is not { } move)
        {
            await db.Database.MigrateAsync(cancellationToken);
            return;
        }
        if (move.Obstacle(services.GetRequiredService<StoreProvider>()) is { } obstacle)
        {
            throw new StartFailedException(obstacle);
        }
        Log.Moving(logger, move.Calls, move.ExpectedTime);
        var time = services.GetRequiredService<TimeProvider>();
        var start = time.GetTimestamp();
        var moving = Task.Run(() => db.Database.MigrateAsync(cancellationToken), CancellationToken.None); // SQLite would keep this thread
        while (await Task.WhenAny(moving, Task.Delay(MigrationTold, CancellationToken.None)) != moving)
        {
            Log.StillMoving(logger, move.Calls, time.GetElapsedTime(start));
        }
        await moving;
        Log.Moved(logger, move.Calls, time.GetElapsedTime(start));
    }

    // An upstream that is away must not keep the gateway from starting: the catalogue of the last sync is still there.
    private static async Task SyncAsync(IServiceProvider services, ILogger logger, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<PolicySource>().Current.Upstreams.Count == 0)
        {
            return;
        }
        try
        {
            await services.GetRequiredService<ModelSync>().SyncModelsAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.SyncFailed(logger, fault.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The database's schema is newer than this release of the gateway: {Count} migrations of a later one only added to "
                + "it, and this one works with it."
        )]
        public static partial void Newer(ILogger logger, int count);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The ledger's {Calls} calls are carried over into narrower rows, once; about {Expected}. If it is stopped, nothing "
                + "is changed and the next start begins again."
        )]
        public static partial void Moving(ILogger logger, long calls, TimeSpan expected);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The ledger's {Calls} calls are still being carried over, for {Elapsed} now."
        )]
        public static partial void StillMoving(ILogger logger, long calls, TimeSpan elapsed);

        [LoggerMessage(Level = LogLevel.Information, Message = "The ledger's {Calls} calls were carried over in {Elapsed}.")]
        public static partial void Moved(ILogger logger, long calls, TimeSpan elapsed);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Note}")]
        public static partial void Note(ILogger logger, string note);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Models could not be read from the upstream at start: {Reason} The catalogue stays as it was."
        )]
        public static partial void SyncFailed(ILogger logger, string reason);
    }
}

using Gateway.Core.Background;
using Gateway.Core.Storage;

namespace Gateway.Hosting;

/// <summary>Looks at the database again and again, and tells the log when something changes.</summary>
internal sealed partial class DatabaseWatchService(DatabaseWatch watch, Rounds rounds, ILogger<DatabaseWatchService> logger)
    : PeriodicService("database_watch", rounds)
{
    private DatabaseState _known = DatabaseState.Ok;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await watch.LookAsync();
        if (watch.State is var state && state != _known)
        {
            _known = state;
            Tell(state);
        }
    }

    private void Tell(DatabaseState state)
    {
        switch (state)
        {
            case DatabaseState.Ok:
                Log.Back(logger);
                break;
            case DatabaseState.Away:
                Log.Away(logger);
                break;
            default:
                Log.Gone(logger);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database answers again.")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The database does not answer: management and callers that are not known yet get 503 until it does."
        )]
        public static partial void Away(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Critical,
            Message = "The database's file was deleted or replaced while the gateway was running: every call is refused. Stop the "
                + "gateway, put the file back, and start it again; the journal keeps what was settled meanwhile."
        )]
        public static partial void Gone(ILogger logger);
    }
}

using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// How long the work that is under way waits for a statement of the database: somebody waits for its answer. It goes with the asynchronous
/// flow, so that a request sets it once for all that is done for it. Work in the background has the providers' own, longer times.
/// </summary>
public static class DatabasePatience
{
    private static readonly AsyncLocal<int?> Seconds = new();

    /// <summary>The interceptor that sees to it; for every context.</summary>
    internal static readonly IInterceptor[] Interceptors = [new Commands(), new Connections()];

    /// <summary>Sets it for what is done from here on in this flow.</summary>
    /// <param name="longest">The longest wait for one statement; whole seconds, rounded up.</param>
    public static void Set(TimeSpan longest) => Seconds.Value = Math.Max(1, (int)Math.Ceiling(longest.TotalSeconds));

    /// <summary>Lifts it for what is done from here on in this flow: for questions that read the whole ledger.</summary>
    public static void Lift() => Seconds.Value = null;

    private sealed class Commands : DbCommandInterceptor
    {
        public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
        {
            if (Seconds.Value is { } seconds)
            {
                result.CommandTimeout = seconds;
            }
            return result;
        }
    }

    // SQLite begins a transaction by a command of its own, with the connection's time.
    private sealed class Connections : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            if (connection is SqliteConnection sqlite)
            {
                sqlite.DefaultTimeout = Seconds.Value ?? SqliteStore.LongestLockWait;
            }
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}

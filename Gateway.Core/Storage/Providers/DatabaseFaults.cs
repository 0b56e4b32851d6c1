using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// What a fault says of the database. <see cref="IsAway"/> is the one answer to "is the database away?": not reachable, not answering in
/// time, full, locked, read-only, stopping, or its file gone. Such a fault passes: what was tried may be tried again as it is. Every other
/// fault of the database is about what was sent to it.
/// </summary>
public static class DatabaseFaults
{
    /// <summary>Whether the database is away. A cancellation is not: who cancels knows why.</summary>
    /// <param name="fault">What was thrown by work with the database.</param>
    public static bool IsAway(Exception? fault) =>
        fault switch
        {
            null => false,
            DbException database => SqliteFaults.IsAway(database) || PostgresFaults.IsAway(database) || BuildFlavour.IsMySqlAway(database),
            TimeoutException or SocketException or IOException => true,
            DbUpdateConcurrencyException => false,
            DbUpdateException or InvalidOperationException or AggregateException => IsAway(fault.InnerException),
            _ => false,
        };

    /// <summary>
    /// Whether transactions waited for one another, and the database ended this one so that the other can go on: it may be tried again at
    /// once.
    /// </summary>
    public static bool IsDeadlock(Exception? fault) =>
        fault is DbException { SqlState: "40001" or "40P01" } || (fault?.InnerException is { } inner && IsDeadlock(inner));

    /// <summary>
    /// Whether the same may go well a moment later: a connection broke, the server starts or has no connection left for us now, or it ended
    /// a transaction for another one. Not a time that ran out: who waited once has waited long enough.
    /// </summary>
    public static bool PassesSoon(Exception? fault) =>
        fault switch
        {
            null or TimeoutException => false,
            DbException database => PostgresFaults.PassesSoon(database) || IsDeadlock(fault),
            SocketException or IOException => true,
            DbUpdateException or InvalidOperationException or AggregateException => PassesSoon(fault.InnerException),
            _ => false,
        };

    /// <summary>Whether the fault is one of the database at all, away or not: what was asked of it cannot be known now.</summary>
    public static bool IsOfDatabase(Exception? fault) =>
        IsAway(fault)
        || fault is DbException or DbUpdateException
        || (fault is InvalidOperationException or AggregateException && IsOfDatabase(fault.InnerException));

    /// <summary>The same, for who keeps a connection: one that was closed under its user is told by no fault of the database.</summary>
    public static bool IsOfConnection(Exception? fault) => fault is InvalidOperationException || IsOfDatabase(fault);
}

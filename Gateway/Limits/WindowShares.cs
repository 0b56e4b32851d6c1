using Gateway.Callers;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Limits.Rates;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Limits;

/// <summary>
/// The table in which nodes tell one another of their windows: one statement for many rows, and one that reads. Each node writes its own
/// rows alone, so none waits for another.
/// </summary>
internal sealed class WindowShares(
    IDbContextFactory<HubDbContext> databases,
    StoreProvider store,
    ServerOptions server,
    DatabaseOptions options,
    TimeProvider time
) : IWindowShares
{
    private static readonly string[] Key = ["counter", "node"];
    private static readonly string[] Columns =
    [
        .. Key,
        "round",
        "minute_requests",
        "minute_tokens",
        "day",
        "day_requests",
        "day_tokens",
        "month",
        "month_tokens",
        "in_flight",
        "held_tokens",
        "want_requests",
        "want_tokens",
        "unit_tokens",
    ];

    public async Task<IReadOnlyList<WindowShare>> ExchangeAsync(
        IReadOnlyList<WindowShare> mine,
        string node,
        long after,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await store.WriteRowsAsync(
            transaction.GetDbTransaction(),
            values => store.ReplaceSql("window_shares", Columns, values, Key),
            mine.Select(ValuesOf),
            cancellationToken
        );
        var heard = await db
            .WindowShares.AsNoTracking()
            .Where(s => s.Node != node && (s.Counter == "" || s.Round > after))
            .ToListAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return heard;
    }

    public async Task<IReadOnlyList<WindowShare>> ReadAsync(string counter)
    {
        DatabasePatience.Set(options.DatabaseWait); // a call waits for it
        try
        {
            return await DatabaseReads.RunAsync(async () =>
            {
                await using var db = await databases.CreateDbContextAsync();
                return await db.WindowShares.AsNoTracking().Where(s => s.Counter == counter).ToListAsync();
            });
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            throw new CallerStoreUnavailableException(fault);
        }
    }

    public async Task<bool> JoinAsync(string node, int today, CancellationToken cancellationToken)
    {
        if (store.IsLocal)
        {
            return false;
        }
        var name = server.GetNodeName();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.WindowShares.Where(s => s.Day < today - 1).ExecuteDeleteAsync(cancellationToken);
        if (!await db.TrafficNodes.AnyAsync(n => n.Name != name, cancellationToken))
        {
            return false;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ChangeLog.AppendAsync(db, ChangedEntities.Node, node, null, time, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static object?[] ValuesOf(WindowShare share) =>
        [
            share.Counter,
            share.Node,
            share.Round,
            share.MinuteRequests,
            share.MinuteTokens,
            share.Day,
            share.DayRequests,
            share.DayTokens,
            share.Month,
            share.MonthTokens,
            share.InFlight,
            share.HeldTokens,
            share.WantRequests,
            share.WantTokens,
            share.UnitTokens,
        ];
}

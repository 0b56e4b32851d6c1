using Gateway.Core.Storage.Migrations;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage;

/// <summary>
/// The ledger of an earlier release that the next migration carries over into narrower rows (docs/decisions/ledger-rows.md): how much it
/// is, and whether there is room for it.
/// </summary>
/// <param name="Calls">How many calls there are.</param>
public sealed record LedgerMove(long Calls)
{
    // The new row with its indexes and sums, and the same once more in the log of the one transaction.
    private const int BytesPerCall = 800;
    private const int CallsPerSecond = 20_000;

    /// <summary>The free room that it takes beside the database, bytes.</summary>
    public long NeededBytes => Calls * BytesPerCall;

    /// <summary>About how long it takes.</summary>
    public TimeSpan ExpectedTime => TimeSpan.FromSeconds(Calls / CallsPerSecond);

    /// <summary>What is to be carried over; null: nothing.</summary>
    public static async Task<LedgerMove?> FindAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        // A database that is still empty has no history; to ask it for one would be told as a fault.
        if (!await db.GetService<IHistoryRepository>().ExistsAsync(cancellationToken))
        {
            return null;
        }
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Count == 0 || applied.Contains(NarrowLedger.Id))
        {
            return null;
        }
        var calls = await db.Database.SqlQueryRaw<long>("SELECT COUNT(*) AS \"Value\" FROM usage_records").SingleAsync(cancellationToken);
        return calls == 0 ? null : new LedgerMove(calls);
    }

    /// <summary>Why it cannot be done now, for the operator; null: it can.</summary>
    public string? Obstacle(StoreProvider store) =>
        store.FreeBytes is { } free && free < NeededBytes
            ? $"The ledger's {Calls} calls are to be carried over into narrower rows, which needs {Gigabytes(NeededBytes)} GB free beside "
                + $"the database; {Gigabytes(free)} GB are. Free some room, or move the database, and start again. Nothing was changed."
            : null;

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
}

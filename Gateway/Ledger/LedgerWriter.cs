using System.Text.Json;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Brings ended calls into the ledger, whatever they hold. What the database refuses is narrowed down to the row, and the row is set
/// aside: it stops neither the rows beside it nor those that come after it. Only a database that is away is the caller's business: then the
/// same calls are given again later.
/// </summary>
internal sealed partial class LedgerWriter(
    UsageBatch batch,
    StoreProvider store,
    IDbContextFactory<HubDbContext> databases,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<LedgerWriter> logger
)
{
    /// <summary>Writes calls. Those that stand in the ledger already are left as they are.</summary>
    /// <returns>The calls that were set aside; nearly always none.</returns>
    /// <exception cref="Exception">One that <see cref="DatabaseFaults.IsAway"/> knows: a part may have been written.</exception>
    public async Task<IReadOnlyList<UsageRecord>> WriteAsync(IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        List<UsageRecord> aside = [];
        await WriteAsync(records, aside, cancellationToken);
        return aside;
    }

    /// <summary>Tries one call again that was set aside, and takes it out of there when the ledger has it now.</summary>
    /// <returns>Why it is not taken; null when it was.</returns>
    public async Task<string?> RetryAsync(SetAsideRecord aside, CancellationToken cancellationToken)
    {
        try
        {
            await WriteBatchAsync([JsonSerializer.Deserialize<UsageRecord>(aside.Record)!], cancellationToken);
        }
        catch (Exception fault) when (IsOfTheRow(fault))
        {
            return FaultText(fault);
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.SetAsideRecords.Where(r => r.Id == aside.Id).ExecuteDeleteAsync(cancellationToken);
        return null;
    }

    private async Task WriteAsync(IReadOnlyList<UsageRecord> records, List<UsageRecord> aside, CancellationToken cancellationToken)
    {
        try
        {
            await WriteBatchAsync(records, cancellationToken);
        }
        catch (Exception fault) when (IsOfTheRow(fault))
        {
            if (records.Count == 1)
            {
                await SetAsideAsync(records[0], fault, cancellationToken);
                aside.Add(records[0]);
                return;
            }
            var half = records.Count / 2;
            await WriteAsync([.. records.Take(half)], aside, cancellationToken);
            await WriteAsync([.. records.Skip(half)], aside, cancellationToken);
        }
    }

    private async Task WriteBatchAsync(IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            if (RecordCheck.FaultOf(record) is { } fault)
            {
                throw new RecordRefusedException(fault);
            }
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await batch.WriteAsync(db, records, cancellationToken);
        store.RequireInPlace(); // a commit into a deleted file does not count
    }

    private static bool IsOfTheRow(Exception fault) =>
        fault is not (OperationCanceledException or OutOfMemoryException) && !DatabaseFaults.IsAway(fault);

    private async Task SetAsideAsync(UsageRecord record, Exception fault, CancellationToken cancellationToken)
    {
        var text = FaultText(fault);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.SetAsideRecords.AnyAsync(r => r.Id == record.Id, cancellationToken))
        {
            db.SetAsideRecords.Add(
                new SetAsideRecord
                {
                    Id = record.Id,
                    Record = JsonSerializer.Serialize(record),
                    Fault = text,
                    SetAsideAt = time.UtcNow(),
                }
            );
            await db.SaveChangesAsync(cancellationToken);
            store.RequireInPlace();
            metrics.SetAside(1);
        }
        Log.SetAside(logger, record.Id, text);
    }

    private static string FaultText(Exception fault) => RecordText.Of(fault.GetBaseException().Message)!;

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The database does not take the ended call {RequestId}: {Reason} It is set aside and missing in the ledger and "
                + "in every sum; `ledger retry` tries it again."
        )]
        public static partial void SetAside(ILogger logger, string requestId, string reason);
    }
}

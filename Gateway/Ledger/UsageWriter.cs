using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Callers;
using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;
using Gateway.Telemetry;

namespace Gateway.Ledger;

/// <summary>
/// Moves ended calls into the database: what came within a tenth of a second goes in one transaction, rows and sums together. A database
/// that is away is tried again until it is back; a row that it will never take is set aside (<see cref="LedgerWriter"/>). What is committed
/// is confirmed to the journal. At shutdown the queue is drained first; what does not get through in time is replayed from the journal at
/// the next start.
/// </summary>
internal sealed partial class UsageWriter(
    UsageQueue queue,
    LedgerWriter ledger,
    WriterGate gate,
    IMoneyKeeper money,
    ICallJournal journal,
    LedgerOptions options,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<UsageWriter> logger
) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(10);

    // A transaction costs as much as many rows: calls that come one by one must not each pay for one. Small against the second in which a
    // call is to be in the database.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _giveUp = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Not the host's token: calls that would not end may have used up its time, and what they settled on their way out is still to be
        // written.
        queue.Complete();
        await _hurry.CancelAsync();
        _giveUp.CancelAfter(LongestDrain);
        await (ExecuteTask ?? Task.CompletedTask);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _hurry.Dispose();
        _giveUp.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var records = new List<UsageRecord>(options.UsageBatchSize);
        var positions = new List<JournalPosition>(options.UsageBatchSize);
        try
        {
            while (await queue.Reader.WaitToReadAsync(_giveUp.Token))
            {
                await GatherAsync();
                while (records.Count < options.UsageBatchSize && queue.Reader.TryRead(out var call))
                {
                    records.Add(call.Record);
                    positions.Add(call.LastJournalRecord);
                }
                await WriteAsync(records);
                journal.Confirm(CollectionsMarshal.AsSpan(positions));
                queue.MarkWritten(records);
                records.Clear();
                positions.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            Log.Left(logger, records.Count + queue.Reader.Count);
            queue.GiveUp();
        }
    }

    // By the machine's clock: this is about work saved, not about time in the sense of the product.
    private async Task GatherAsync()
    {
        if (queue.Reader.Count < options.UsageBatchSize && !queue.IsAwaited)
        {
            await Task.Delay(Gathering, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteAsync(List<UsageRecord> records)
    {
        var start = Stopwatch.GetTimestamp();
        queue.MarkTaken(records);
        var isRetried = false;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                using (await gate.EnterAsync())
                {
                    var aside = await ledger.WriteAsync(records, _giveUp.Token);
                    Confirm(aside.Count == 0 ? records : records.Except(aside));
                }
                metrics.BatchWritten(records.Count, Stopwatch.GetElapsedTime(start));
                break;
            }
            // The database is away, or does not even take what is set aside: an end of the writer would help nobody
            catch (Exception fault) when (!_giveUp.IsCancellationRequested)
            {
                metrics.DatabaseFailed(DatabaseOperations.Ledger);
                Log.Failed(logger, records.Count, pause, fault);
                await Task.Delay(pause, time, _giveUp.Token);
                isRetried = true;
            }
        }
        await RefreshBalancesAsync(records, isRetried);
    }

    // What was set aside is in no balance of the database: it stays taken off here.
    private void Confirm(IEnumerable<UsageRecord> records)
    {
        foreach (var record in records)
        {
            if (record.IsBalanceHeld)
            {
                money.ConfirmBalance(record.UserId, record.TotalCostNanoUsd);
            }
        }
    }

    // Read again are balances whose account cannot know the charge: of calls that passed without a hold because the database was away. And
    // all of them after a failed attempt: its commit may have come through with its answer lost, and been read as a balance in between.
    private async Task RefreshBalancesAsync(List<UsageRecord> records, bool all)
    {
        var users = records.Where(r => r is { IsPrepaid: true, IsBalanceHeld: false }).Select(r => r.UserId).Distinct().ToList();
        while (all || users.Count > 0)
        {
            try
            {
                await (all ? money.RefreshBalancesAsync() : Task.WhenAll(users.Select(money.RefreshBalanceAsync)));
                return;
            }
            catch (CallerStoreUnavailableException fault)
            {
                Log.Stale(logger, FirstPause, fault);
                await Task.Delay(FirstPause, time, _giveUp.Token);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} ended calls could not be written; next try in {Pause}.")]
        public static partial void Failed(ILogger logger, int count, TimeSpan pause, Exception fault);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Balances could not be read after their charges were written; next try in {Pause}."
        )]
        public static partial void Stale(ILogger logger, TimeSpan pause, Exception fault);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The process stops with {Count} ended calls that are not in the database; the next start brings them there from "
                + "the journal."
        )]
        public static partial void Left(ILogger logger, int count);
    }
}

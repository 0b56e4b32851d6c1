using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;

namespace Gateway.Ledger;

/// <summary>
/// Before the first call: brings what processes that are gone left in their journals into the database, then opens this node's own. Any
/// part of it can be cut off and done again, because rows are written once by their id.
/// </summary>
internal sealed partial class JournalStart(
    NodeJournal journal,
    LedgerWriter ledger,
    LedgerOptions options,
    ServerOptions server,
    TimeProvider time,
    ILogger<JournalStart> logger
)
{
    private readonly HashSet<string> _replayed = new(StringComparer.Ordinal);
    private readonly List<ReplayedMessage> _messages = [];

    /// <summary>Ended calls that were brought into the database.</summary>
    public long ReplayedCalls { get; private set; }

    /// <summary>Calls that had been in flight.</summary>
    public long CrashedCalls { get; private set; }

    /// <summary>Calls that the database does not take and that were set aside.</summary>
    public long SetAsideCalls { get; private set; }

    /// <summary>Places that could not be read and were set aside.</summary>
    public long DamagedPlaces { get; private set; }

    /// <summary>The folders that were replayed: their nodes run no more, but for this one.</summary>
    public IReadOnlySet<string> Replayed => _replayed;

    /// <summary>The messages of chats whose calls were brought into the database: what was stored of them before knew no cost.</summary>
    public IReadOnlyList<ReplayedMessage> ReplayedMessages => _messages;

    /// <summary>Replays every journal that nobody uses, and opens this node's.</summary>
    /// <exception cref="JournalException">A folder is in use, or a segment cannot be read or made.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var own = JournalFolder.Lock(JournalFolder.PathOf(server.DataDirectory, server.GetNodeName()));
        try
        {
            foreach (var folder in JournalFolder.LockAbandoned(server.DataDirectory, own))
            {
                using (folder)
                {
                    await ReplayAsync(folder, cancellationToken);
                    folder.DeleteIfEmpty();
                }
            }
            await ReplayAsync(own, cancellationToken);
            journal.Open(own);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    private async Task ReplayAsync(JournalFolder folder, CancellationToken cancellationToken)
    {
        var replay = JournalReplay.Read(folder);
        _replayed.Add(folder.Path);
        var settled = await WriteAsync(Noted(replay.SettledCalls(), wereInFlight: false), cancellationToken);
        var now = time.UtcNow();
        var crashed = await WriteAsync(
            Noted(replay.OpenHolds.Select(h => JournalRecords.CrashedCall(h, options.CrashSettle, now)), wereInFlight: true),
            cancellationToken
        );
        replay.Discard();
        (ReplayedCalls, CrashedCalls, DamagedPlaces) = (
            ReplayedCalls + settled,
            CrashedCalls + crashed,
            DamagedPlaces + replay.Report.DamagedPlaces
        );
        if (settled + crashed > 0)
        {
            Log.Replayed(logger, folder.Path, settled, crashed);
        }
        if (replay.Report.DamagedPlaces > 0)
        {
            Log.Damaged(logger, folder.Path, replay.Report.DamagedPlaces, string.Join(", ", replay.Report.DamagedFiles));
        }
    }

    private IEnumerable<UsageRecord> Noted(IEnumerable<UsageRecord> records, bool wereInFlight)
    {
        foreach (var record in records)
        {
            if (record.MessageId is { } message)
            {
                _messages.Add(new ReplayedMessage(message, record.Id, wereInFlight));
            }
            yield return record;
        }
    }

    private async Task<long> WriteAsync(IEnumerable<UsageRecord> records, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var chunk in records.Chunk(options.UsageBatchSize))
        {
            var aside = await WriteChunkAsync(chunk, cancellationToken);
            SetAsideCalls += aside;
            count += chunk.Length - aside;
        }
        return count;
    }

    private async Task<int> WriteChunkAsync(UsageRecord[] records, CancellationToken cancellationToken)
    {
        try
        {
            return (await ledger.WriteAsync(records, cancellationToken)).Count;
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            throw new JournalException(
                $"The database does not take what the journals below '{server.DataDirectory}' hold now: "
                    + $"{fault.GetBaseException().Message} Nothing is lost: fix the database and start again.",
                fault
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The journal {Folder} was left by a process that did not end properly: {Settled} ended calls and {Crashed} "
                + "calls in flight were brought into the ledger where it had not got them."
        )]
        public static partial void Replayed(ILogger logger, string folder, long settled, long crashed);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The journal {Folder} has {Count} damaged places; they are set aside in {Files}. Calls in them may be missing in "
                + "the ledger."
        )]
        public static partial void Damaged(ILogger logger, string folder, int count, string files);
    }
}

using System.Threading.Channels;
using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>
/// Puts an ended call into the journal, then into the queue to the database. When this completes, no end of the process loses the record:
/// it is in the journal, or, where the journal could not take it, in the database.
/// </summary>
internal sealed class JournaledRecorder(NodeJournal journal, UsageQueue queue) : IUsageRecorder
{
    public ValueTask RecordAsync(UsageRecord record, JournalPosition last)
    {
        var settled = journal.TrySettle(record, last);
        var enqueued = queue.EnqueueAsync(new QueuedCall(record, settled.IsPublished ? settled.Position : last));
        return settled.IsPublished && enqueued.IsCompletedSuccessfully && !journal.SyncsBeforeEnd
            ? default
            : FinishAsync(record, settled, enqueued);
    }

    private async ValueTask FinishAsync(UsageRecord record, JournalAppend settled, ValueTask enqueued)
    {
        try
        {
            await enqueued;
        }
        catch (ChannelClosedException) when (settled.IsPublished)
        {
            return; // the process stops, and the writer with it: the next start finds the record in the journal
        }
        if (!settled.IsPublished || (journal.SyncsBeforeEnd && !await journal.SyncedAsync(settled.Position)))
        {
            await queue.WhenWrittenAsync(record.UserId, Timeout.InfiniteTimeSpan);
        }
    }
}

using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>Takes ended calls and sees to it that they reach the ledger, whatever happens to the process.</summary>
internal interface IUsageRecorder
{
    /// <summary>
    /// Takes an ended call. Completes, nearly always at once, when the record survives the end of the process; until then the answer
    /// waits.
    /// </summary>
    /// <param name="record">The ledger's row.</param>
    /// <param name="last">The call's last record in the journal so far.</param>
    ValueTask RecordAsync(UsageRecord record, JournalPosition last);
}

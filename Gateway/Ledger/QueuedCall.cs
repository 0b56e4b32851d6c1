using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>An ended call on its way to the database.</summary>
/// <param name="Record">The ledger's row.</param>
/// <param name="LastJournalRecord">The call's last record in the journal, to be confirmed when the row is committed; none when the journal
/// has nothing of it.</param>
internal readonly record struct QueuedCall(UsageRecord Record, JournalPosition LastJournalRecord);

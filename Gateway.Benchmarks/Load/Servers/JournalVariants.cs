using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;

namespace Gateway.Benchmarks.Load.Servers;

/// <summary>Gateways that differ in how a call is written down, so that the difference can be measured.</summary>
internal static class JournalVariants
{
    /// <summary>As the product does it: hold before the call, end of the call before its last bytes.</summary>
    public const string Journal = "journal";

    /// <summary>
    /// The hold as in the product; the end is written by another thread while the last bytes leave already. A crash could lose it: for
    /// comparison only.
    /// </summary>
    public const string Later = "end written after the answer";

    /// <summary>Nothing is written but the database's rows. A crash loses calls: for comparison only.</summary>
    public const string None = "no journal";

    public static IReadOnlyList<string> All { get; } = [None, Later, Journal];

    public static void Configure(IServiceCollection services, string variant)
    {
        switch (variant)
        {
            case None:
                services.AddSingleton<ICallJournal, NoJournal>();
                services.AddSingleton<IUsageRecorder, QueueRecorder>();
                break;
            case Later:
                services.AddSingleton<IUsageRecorder>(provider => new LateRecorder(
                    ActivatorUtilities.CreateInstance<JournaledRecorder>(provider)
                ));
                break;
        }
    }

    private sealed class NoJournal : ICallJournal
    {
        public JournalAppend TryHold(in HoldRecord hold) => default;

        public JournalAppend TryExtend(Guid callId, long heldNanoUsd, JournalPosition last) => default;

        public void Release(Guid callId, JournalPosition last) { }

        public void Confirm(ReadOnlySpan<JournalPosition> lasts) { }
    }

    private sealed class QueueRecorder(UsageQueue queue) : IUsageRecorder
    {
        public ValueTask RecordAsync(UsageRecord record, JournalPosition last) => queue.EnqueueAsync(new QueuedCall(record, last));
    }

    private sealed class LateRecorder(JournaledRecorder recorder) : IUsageRecorder
    {
        public ValueTask RecordAsync(UsageRecord record, JournalPosition last)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                call => _ = recorder.RecordAsync(call.record, call.last).AsTask(),
                (record, last),
                preferLocal: false
            );
            return default;
        }
    }
}

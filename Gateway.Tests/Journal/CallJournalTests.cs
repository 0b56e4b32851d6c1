using Gateway.Core.Journal;

namespace Gateway.Tests.Journal;

/// <summary>What was published is found; what has ended is not open.</summary>
public sealed class CallJournalTests : IDisposable
{
    private readonly TestJournal _test = new();
    private readonly Guid _callId = Guid.CreateVersion7();

    [Fact]
    public void A_settled_call_is_found_as_it_was_written()
    {
        var usage = Calls.Usage(_callId, cost: 42);
        using (var journal = _test.Open())
        {
            journal.TrySettle(usage, journal.TryHold(Calls.Hold(_callId)).Position);
        }
        var found = _test.Read();
        Assert.Equivalent(usage, Assert.Single(found.Settled), strict: true);
        Assert.Empty(found.OpenHolds);
        Assert.Equal(
            (2L, 0L, 0, 0),
            (found.Report.Records, found.Report.ConfirmedRecords, found.Report.UnpublishedPlaces, found.Report.DamagedPlaces)
        );
    }

    [Fact]
    public void A_hold_without_an_end_is_open_with_all_that_a_settlement_needs()
    {
        using (var journal = _test.Open())
        {
            journal.TryHold(Calls.Hold(_callId));
        }
        var hold = Assert.Single(_test.Read().OpenHolds);
        Assert.Equal(Calls.Hold(_callId) with { Accounts = default }, hold with { Accounts = default });
        Assert.Equal(Calls.Hold(_callId).Accounts.ToArray(), hold.Accounts.ToArray());
    }

    [Fact]
    public void A_released_hold_is_not_open()
    {
        using (var journal = _test.Open())
        {
            journal.TryRelease(_callId, 1, journal.TryHold(Calls.Hold(_callId)).Position);
        }
        Assert.Empty(_test.Read().OpenHolds);
    }

    [Fact]
    public void An_open_hold_has_the_bound_that_it_was_extended_to()
    {
        using (var journal = _test.Open())
        {
            var hold = journal.TryHold(Calls.Hold(_callId, bound: 10)).Position;
            journal.TryExtend(_callId, 1, 30, journal.TryExtend(_callId, 1, 20, hold).Position);
        }
        Assert.Equal(30, Assert.Single(_test.Read().OpenHolds).BoundNanoUsd);
    }

    [Fact]
    public void The_hold_of_a_second_attempt_outlives_the_release_of_the_first()
    {
        using (var journal = _test.Open())
        {
            var released = journal.TryRelease(_callId, 1, journal.TryHold(Calls.Hold(_callId)).Position).Position;
            journal.TryHold(Calls.Hold(_callId, attempt: 2), released);
        }
        Assert.Equal(2, Assert.Single(_test.Read().OpenHolds).Attempt);
    }

    [Fact]
    public void Records_go_on_in_the_next_segment_and_come_back_in_order()
    {
        var ids = Enumerable.Range(0, 1_000).Select(_ => Guid.CreateVersion7()).ToList();
        using (var journal = _test.Open(segmentBytes: 16 * 1024))
        {
            ids.ForEach(id => TestJournal.Published(() => journal.TrySettle(Calls.Usage(id))));
        }
        var found = _test.Read();
        Assert.Equal(ids, found.SettledIds);
        Assert.InRange(found.Report.Segments, 10, 100);
        Assert.Equal((0, 0), (found.Report.UnpublishedPlaces, found.Report.DamagedPlaces));
    }

    [Fact]
    public void A_record_larger_than_a_segment_is_refused_and_the_journal_goes_on()
    {
        using (var journal = _test.Open(segmentBytes: 4_096))
        {
            var large = Calls.Usage(Guid.CreateVersion7());
            large.ClientRequestId = new string('x', 5_000);
            Assert.Equal(JournalOutcome.TooLarge, journal.TrySettle(large).Outcome);
            large.ClientRequestId = new string('x', 70_000);
            Assert.Equal(JournalOutcome.TooLarge, journal.TrySettle(large).Outcome);
            Assert.True(journal.TrySettle(Calls.Usage(_callId)).IsPublished);
        }
        Assert.Equal([_callId], _test.Read().SettledIds);
    }

    [Fact]
    public void A_closed_journal_takes_nothing_and_keeps_what_it_has()
    {
        var journal = _test.Open();
        var settled = journal.TrySettle(Calls.Usage(_callId)).Position;
        journal.Dispose();
        journal.Dispose();
        Assert.Equal(JournalOutcome.Closed, journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).Outcome);
        Assert.Equal(JournalOutcome.Closed, journal.TryHold(Calls.Hold(Guid.CreateVersion7())).Outcome);
        journal.Confirm(settled);
        Assert.Equal([_callId], _test.Read().SettledIds);
    }

    [Fact]
    public void The_status_counts_what_is_not_confirmed_and_tells_its_age()
    {
        using var journal = _test.Open();
        var before = DateTime.UtcNow.AddMilliseconds(-1);
        var first = Guid.CreateVersion7();
        var last = journal.TrySettle(Calls.Usage(first), journal.TryHold(Calls.Hold(first)).Position).Position;
        journal.TryHold(Calls.Hold(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(1))));
        Assert.True(SpinWait.SpinUntil(() => journal.Status.UnconfirmedRecords == 3, TimeSpan.FromSeconds(15)));
        Assert.InRange(journal.Status.OldestCallAt!.Value, before, DateTime.UtcNow);
        journal.Confirm(last);
        Assert.Equal(1, journal.Status.UnconfirmedRecords);
        Assert.True(journal.Status.OldestCallAt > DateTime.UtcNow.AddMinutes(30));
        Assert.False(journal.Status.IsFull);
    }

    [Fact]
    public async Task Eight_threads_write_a_hundred_thousand_records_and_all_are_found_once()
    {
        const int Threads = 8;
        const int Calls8 = 6_250;
        var ids = Enumerable
            .Range(0, Threads)
            .Select(_ => Enumerable.Range(0, Calls8).Select(_ => Guid.CreateVersion7()).ToArray())
            .ToArray();
        using (var journal = _test.Open(segmentBytes: 4 * 1024 * 1024))
        {
            await Task.WhenAll(
                ids.Select(mine =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            foreach (var id in mine)
                            {
                                var hold = TestJournal.Published(() => journal.TryHold(Calls.Hold(id)));
                                TestJournal.Published(() => journal.TrySettle(Calls.Usage(id), hold));
                            }
                        },
                        TaskCreationOptions.LongRunning
                    )
                )
            );
        }
        var found = _test.Read();
        Assert.Equal(ids.SelectMany(i => i).Order(), found.SettledIds.Order());
        Assert.Empty(found.OpenHolds);
        Assert.Equal((2L * Threads * Calls8, 0, 0), (found.Report.Records, found.Report.UnpublishedPlaces, found.Report.DamagedPlaces));
    }

    [Fact]
    public void An_append_allocates_nothing()
    {
        using var journal = _test.Open(segmentBytes: 4 * 1024 * 1024);
        var (hold, usage) = (Calls.Hold(_callId), Calls.Usage(_callId));
        Append();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            Append();
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Append() => journal.TrySettle(usage, journal.TryHold(in hold).Position);
    }

    public void Dispose() => _test.Dispose();
}

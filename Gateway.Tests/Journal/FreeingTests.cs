using Gateway.Core.Journal;

namespace Gateway.Tests.Journal;

/// <summary>A segment goes when nothing in it matters any more, and not before.</summary>
public sealed class FreeingTests : IDisposable
{
    private const int SegmentBytes = 16 * 1024;

    private readonly TestJournal _test = new();
    private readonly Guid _callId = Guid.CreateVersion7();

    [Fact]
    public async Task Segments_of_confirmed_calls_are_deleted()
    {
        using var journal = _test.Open(SegmentBytes);
        TestJournal.Fill(journal, segments: 5);
        await TestJournal.EventuallyAsync(
            () => (_test.Segments.Length, journal.Status.Segments) == (2, 2),
            "only the head and the next segment are left"
        );
    }

    [Fact]
    public async Task A_settled_call_keeps_its_segments_until_it_is_confirmed()
    {
        using var journal = _test.Open(SegmentBytes);
        var hold = journal.TryHold(Calls.Hold(_callId)).Position;
        TestJournal.Fill(journal, segments: 1);
        var settled = TestJournal.Published(() => journal.TrySettle(Calls.Usage(_callId), hold));
        TestJournal.Fill(journal, segments: 4);
        await TestJournal.EventuallyAsync(() => journal.Status.UnconfirmedRecords <= 2, "all others are confirmed");
        Assert.True(IsThere(settled));
        journal.Confirm(settled);
        await TestJournal.EventuallyAsync(() => _test.Segments.Length == 2, "the call's segments are gone too");
    }

    [Fact]
    public async Task A_released_call_keeps_nothing()
    {
        using var journal = _test.Open(SegmentBytes);
        TestJournal.Published(() => journal.TryRelease(_callId, 1, journal.TryHold(Calls.Hold(_callId)).Position));
        TestJournal.Fill(journal, segments: 3);
        await TestJournal.EventuallyAsync(() => _test.Segments.Length == 2, "the released call keeps no segment");
    }

    [Fact]
    public async Task An_old_open_hold_moves_on_and_stays_open()
    {
        using (var journal = _test.Open(SegmentBytes))
        {
            var hold = journal.TryHold(Calls.Hold(_callId, bound: 10)).Position;
            TestJournal.Fill(journal, segments: 1);
            TestJournal.Published(() => journal.TryExtend(_callId, 1, 25, hold));
            TestJournal.Fill(journal, segments: 9);
            await TestJournal.EventuallyAsync(() => !IsThere(hold), "the hold was moved");
        }
        var open = Assert.Single(_test.Read().OpenHolds);
        Assert.Equal((_callId, 25), (open.CallId, open.BoundNanoUsd));
    }

    [Fact]
    public async Task A_hold_that_was_moved_is_confirmed_by_the_place_that_its_call_knows()
    {
        using (var journal = _test.Open(SegmentBytes))
        {
            var hold = journal.TryHold(Calls.Hold(_callId)).Position;
            TestJournal.Fill(journal, segments: 9);
            await TestJournal.EventuallyAsync(() => !IsThere(hold), "the hold was moved");
            journal.Confirm(TestJournal.Published(() => journal.TrySettle(Calls.Usage(_callId), hold)));
        }
        Assert.Empty(_test.Segments);
    }

    [Fact]
    public void A_copy_behind_the_end_of_its_call_is_not_open()
    {
        using (var journal = _test.Open(SegmentBytes))
        {
            var hold = journal.TryHold(Calls.Hold(_callId)).Position;
            journal.TrySettle(Calls.Usage(_callId), hold);
        }
        Copy(_test.Segments[0]);
        var found = _test.Read();
        Assert.Equal([_callId], found.SettledIds);
        Assert.Empty(found.OpenHolds);
        Assert.Equal(3, found.Report.Records);
    }

    [Fact]
    public void Calls_that_are_confirmed_are_not_replayed()
    {
        var waiting = Guid.CreateVersion7();
        using (var journal = _test.Open(SegmentBytes))
        {
            var written = journal.TrySettle(Calls.Usage(_callId), journal.TryHold(Calls.Hold(_callId)).Position).Position;
            journal.TrySettle(Calls.Usage(waiting), journal.TryHold(Calls.Hold(waiting)).Position);
            journal.Confirm(written, written);
        }
        var found = _test.Read();
        Assert.Equal([waiting], found.SettledIds);
        Assert.Equal((4, 2), ((int)found.Report.Records, (int)found.Report.ConfirmedRecords));
        Assert.Empty(found.OpenHolds);
    }

    [Fact]
    public void A_journal_that_is_closed_with_all_confirmed_leaves_nothing()
    {
        using (var journal = _test.Open(SegmentBytes))
        {
            journal.Confirm(journal.TrySettle(Calls.Usage(_callId), journal.TryHold(Calls.Hold(_callId)).Position).Position);
        }
        Assert.Empty(_test.Segments);
    }

    [Fact]
    public void What_was_replayed_is_deleted_when_it_is_discarded_and_not_before()
    {
        using (var journal = _test.Open(SegmentBytes))
        {
            journal.TrySettle(Calls.Usage(_callId));
        }
        using var folder = JournalFolder.Lock(_test.Path);
        var replay = JournalReplay.Read(folder);
        Assert.Throws<InvalidOperationException>(replay.Discard);
        Assert.Throws<InvalidOperationException>(() => replay.OpenHolds);
        Assert.Single(replay.SettledCalls());
        Assert.Single(_test.Segments);
        replay.Discard();
        Assert.Empty(_test.Segments);
    }

    [Fact]
    public void A_new_journal_leaves_what_an_old_one_left()
    {
        using (var journal = _test.Open(SegmentBytes))
        {
            journal.TrySettle(Calls.Usage(_callId));
        }
        using (var journal = _test.Open(SegmentBytes))
        {
            TestJournal.Fill(journal, segments: 3);
        }
        Assert.Equal([_callId], _test.Read().SettledIds);
    }

    private bool IsThere(JournalPosition position) =>
        _test.Segments.Any(s => Path.GetFileName(s).StartsWith($"{position.Segment:D10}-", StringComparison.Ordinal));

    // What a process leaves that is killed between copying an old hold and seeing that its call has just been settled.
    private static void Copy(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var hold = RecordHeader.Read(bytes);
        var free = 0;
        while (RecordHeader.MagicAt(bytes.AsSpan(free)) == RecordHeader.Published)
        {
            free += RecordHeader.SlotsFor(RecordHeader.Read(bytes.AsSpan(free)).PayloadLength) * RecordHeader.SlotBytes;
        }
        var place = bytes.AsSpan(free, RecordHeader.Bytes + hold.PayloadLength);
        bytes.AsSpan(0, place.Length).CopyTo(place);
        RecordCodec.MarkAsCopy(place[RecordHeader.Bytes..]);
        (hold with { Position = new JournalPosition(hold.Position.Segment, free / RecordHeader.SlotBytes) }).Write(
            place,
            RecordHeader.ChecksumOf(place[RecordHeader.Bytes..])
        );
        File.WriteAllBytes(path, bytes);
    }

    public void Dispose() => _test.Dispose();
}

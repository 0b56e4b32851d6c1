using Gateway.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Tests.Journal;

/// <summary>Synced means: a sync that began after the record was published has ended well.</summary>
public sealed class SyncTests : IDisposable
{
    private readonly TestJournal _test = new();

    [Theory, InlineData(0), InlineData(5), InlineData(50)]
    public async Task A_record_is_synced_after_a_while_whatever_the_interval(int milliseconds)
    {
        using var journal = _test.Open(change: o => o with { SyncInterval = TimeSpan.FromMilliseconds(milliseconds) });
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await journal.SyncedAsync(journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).Position));
        }
    }

    [Fact]
    public async Task Nobody_is_told_before_the_disk_has_it()
    {
        var disk = new Disk();
        using var journal = _test.Open(change: o => o with { SyncInterval = TimeSpan.Zero, FlushToDisk = disk.Flush });
        var before = disk.Flushes;
        using var closed = disk.Close();
        var synced = journal.SyncedAsync(journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).Position).AsTask();
        await TestJournal.EventuallyAsync(() => disk.Waiting > 0, "a sync has begun");
        Assert.False(synced.IsCompleted);
        closed.Dispose();
        Assert.True(await synced.WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.True(disk.Flushes > before);
    }

    [Fact]
    public async Task A_record_that_came_during_a_sync_waits_for_the_next()
    {
        var disk = new Disk();
        using var journal = _test.Open(change: o => o with { SyncInterval = TimeSpan.Zero, FlushToDisk = disk.Flush });
        await TestJournal.EventuallyAsync(() => journal.Status.Segments == 2, "the next segment is there, with its own sync");
        using var closed = disk.Close();
        var first = journal.SyncedAsync(journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).Position).AsTask();
        await TestJournal.EventuallyAsync(() => disk.Waiting == 1, "a sync has begun");
        var begun = disk.Begun;
        var second = journal.SyncedAsync(journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).Position).AsTask();
        closed.Dispose();
        Assert.True(await first.WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.True(await second.WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.True(disk.Begun > begun);
    }

    [Fact]
    public async Task A_thousand_waiters_share_few_syncs()
    {
        var disk = new Disk();
        using var journal = _test.Open(
            segmentBytes: 4 * 1024 * 1024,
            change: o => o with { SyncInterval = TimeSpan.FromMilliseconds(50), FlushToDisk = disk.Flush }
        );
        var synced = Enumerable
            .Range(0, 1_000)
            .Select(_ => journal.SyncedAsync(journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).Position).AsTask());
        Assert.All(await Task.WhenAll(synced), Assert.True);
        Assert.InRange(disk.Begun, 1, 100);
    }

    [Fact]
    public async Task A_disk_that_fails_is_told_and_the_journal_goes_on_in_the_next_segment()
    {
        var id = Guid.CreateVersion7();
        var disk = new Disk();
        var failures = 0;
        using (
            var journal = _test.Open(
                change: o => o with { SyncInterval = TimeSpan.Zero, FlushToDisk = disk.Flush },
                synced: (_, isSynced) => Interlocked.Add(ref failures, isSynced ? 0 : 1)
            )
        )
        {
            await TestJournal.EventuallyAsync(() => journal.Status.Segments == 2, "the next segment is there");
            disk.Fails = true;
            var lost = journal.TrySettle(Calls.Usage(id)).Position;
            Assert.False(await journal.SyncedAsync(lost).AsTask().WaitAsync(TimeSpan.FromSeconds(15)));
            disk.Fails = false;
            Assert.Equal(1, Volatile.Read(ref failures));
            Assert.False(await journal.SyncedAsync(lost));
            await Eventually.TrueAsync(
                async () => await journal.SyncedAsync(TestJournal.Published(() => journal.TrySettle(Calls.Usage(Guid.CreateVersion7())))),
                "later records are synced"
            );
        }
        Assert.Contains(id, _test.Read().SettledIds);
    }

    [Fact]
    public async Task Who_asks_a_closed_journal_is_answered()
    {
        var journal = _test.Open();
        var position = journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).Position;
        journal.Dispose();
        await journal.SyncedAsync(position).AsTask().WaitAsync(TimeSpan.FromSeconds(15));
    }

    public void Dispose() => _test.Dispose();

    private sealed class Disk
    {
        private int _begun;
        private int _flushes;
        private int _waiting;

        private readonly ManualResetEventSlim _gate = new(true);

        public bool Fails { get; set; }

        public int Begun => Volatile.Read(ref _begun);

        public int Flushes => Volatile.Read(ref _flushes);

        public int Waiting => Volatile.Read(ref _waiting);

        /// <summary>Lets no sync end until this is disposed, at the latest when the test ends.</summary>
        public IDisposable Close()
        {
            _gate.Reset();
            return new Opener(_gate);
        }

        public void Flush(SafeFileHandle handle)
        {
            Interlocked.Increment(ref _begun);
            Interlocked.Increment(ref _waiting);
            _gate.Wait();
            Interlocked.Decrement(ref _waiting);
            if (Fails)
            {
                throw new IOException("Input/output error");
            }
            RandomAccess.FlushToDisk(handle);
            Interlocked.Increment(ref _flushes);
        }

        private sealed class Opener(ManualResetEventSlim gate) : IDisposable
        {
            public void Dispose() => gate.Set();
        }
    }
}

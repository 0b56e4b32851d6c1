using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Journal;

/// <summary>
/// The segments of a running journal: the head that is written to, the spare that comes next, and older ones with records that still
/// matter. Appending takes no lock: the head is replaced by compare-and-exchange. All else is rare and under <see cref="Gate"/>.
/// </summary>
internal sealed class SegmentChain(JournalFolder folder, JournalOptions options)
{
    private readonly int _bytes = options.SegmentBytes / RecordHeader.SlotBytes * RecordHeader.SlotBytes;
    private int _lastNumber = SegmentFile.List(folder.Path) is [.., var last] ? last.Number : 0;
    private Segment? _head;
    private Segment? _spare;
    private Segment[] _all = []; // oldest first; replaced, never changed
    private volatile bool _isClosed;

    /// <summary>Guards which segments there are and which records are confirmed. Never taken by an append.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Set when a spare is wanted, or a segment may be free.</summary>
    public AutoResetEvent Changed { get; } = new(false);

    public Segment Head => Volatile.Read(ref _head)!;

    public IReadOnlyList<Segment> All => Volatile.Read(ref _all);

    public bool HasSpare => Volatile.Read(ref _spare) is not null;

    public bool IsClosed => _isClosed;

    public long Bytes => (long)All.Count * _bytes;

    /// <summary>Makes the first segment.</summary>
    public void Open() => Volatile.Write(ref _head, Add());

    /// <summary>Makes the next segment.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Prepare()
    {
        if (!HasSpare && !IsClosed)
        {
            Volatile.Write(ref _spare, Add());
        }
    }

    /// <summary>Goes on to the next segment, unless somebody else did.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryAdvance(Segment full)
    {
        var spare = Volatile.Read(ref _spare);
        if (spare is null || Head != full)
        {
            return Head != full;
        }
        // spare == full: somebody made it the head and filled it, and has not yet said that a new one is wanted. A moment.
        if (spare != full && Interlocked.CompareExchange(ref _head, spare, full) == full)
        {
            Interlocked.CompareExchange(ref _spare, null, spare);
            Changed.Set();
        }
        return true;
    }

    /// <summary>The segment of a record; null when it was freed.</summary>
    public Segment? Find(int number)
    {
        foreach (var segment in Volatile.Read(ref _all))
        {
            if (segment.Number == number)
            {
                return segment;
            }
        }
        return null;
    }

    /// <summary>Deletes what nobody needs any more.</summary>
    public void Free()
    {
        foreach (var segment in All)
        {
            if (segment.IsDone)
            {
                lock (Gate)
                {
                    Volatile.Write(ref _all, [.. _all.Where(s => s != segment)]);
                    segment.Dispose();
                }
                SegmentFile.TryDelete(segment.File.Path);
            }
        }
    }

    /// <summary>
    /// Takes no more records. Sealed before it is given up, so that who has just gone on to the spare finds no room there.
    /// </summary>
    public void Close()
    {
        _isClosed = true;
        Interlocked.Exchange(ref _spare, null)?.Seal();
        Head.Seal();
    }

    /// <summary>
    /// Lets go of the segments. One that somebody is still writing to stays mapped: its files are closed by the end of the process.
    /// </summary>
    public void Release()
    {
        lock (Gate)
        {
            foreach (var segment in _all.Where(s => s.IsQuiet))
            {
                segment.Dispose();
            }
            Volatile.Write(ref _all, []);
        }
    }

    private Segment Add()
    {
        var (file, handle) = SegmentFile.Create(folder.Path, _lastNumber + 1, _bytes, options.FlushToDisk);
        var segment = Map(file, handle);
        lock (Gate)
        {
            _lastNumber = file.Number;
            Volatile.Write(ref _all, [.. _all, segment]);
        }
        return segment;
    }

    private Segment Map(SegmentFile file, SafeFileHandle handle)
    {
        try
        {
            return new Segment(file, handle, _bytes);
        }
        catch (IOException)
        {
            handle.Dispose();
            SegmentFile.TryDelete(file.Path);
            throw;
        }
    }
}

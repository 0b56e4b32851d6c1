using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Journal;

/// <summary>
/// A segment in memory. Many threads take places and write at once; one thread (<see cref="JournalSync"/>) follows them with
/// <see cref="TryWalk"/>. The mapping may only go when <see cref="IsQuiet"/>, which is when nobody can be writing any more.
/// </summary>
internal sealed unsafe class Segment : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _slots;

    private LonelyCounter _taken; // slots taken, more than there are once somebody found no room
    private int _end = -1; // where the last place ends; -1 while places are still given away
    private int _walked; // slots after which everything is published
    private int _records; // published records before _walked
    private int _confirmed; // records whose call is in the database or released
    private int _synced; // slots that were published when the last sync began
    private int _oldest; // no unconfirmed record stands before this slot

    public Segment(SegmentFile file, SafeFileHandle handle, int bytes)
    {
        File = file;
        _handle = handle;
        _slots = bytes / RecordHeader.SlotBytes;
        _map = MemoryMappedFile.CreateFromFile(
            handle,
            null,
            bytes,
            MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None,
            leaveOpen: true
        );
        _view = _map.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.ReadWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public SegmentFile File { get; }

    public int Number => File.Number;

    /// <summary>Slots that are on the disk, whatever happens to the power.</summary>
    public int SyncedSlots => Volatile.Read(ref _synced);

    /// <summary>A sync failed: what is here may not survive a power loss, and asking the disk again would only be told a lie.</summary>
    public bool SyncFailed { get; private set; }

    public bool IsSealed => Volatile.Read(ref _end) >= 0;

    /// <summary>No places are given away any more and every one is published.</summary>
    public bool IsQuiet => Volatile.Read(ref _end) is >= 0 and var end && Volatile.Read(ref _walked) >= end;

    /// <summary>Nothing in it needs a replay.</summary>
    public bool IsDone => IsQuiet && Unconfirmed == 0;

    /// <summary>Known records whose call is neither in the database nor released.</summary>
    public int Unconfirmed => Volatile.Read(ref _records) - Volatile.Read(ref _confirmed);

    /// <summary>
    /// Whether a quarter or less is left: what is left when no next segment could be made is for the ends of calls that have begun.
    /// </summary>
    public bool IsNearlyFull => Volatile.Read(ref _taken.Value) >= _slots - (_slots / 4);

    /// <summary>Whether a record of so many slots can ever stand here.</summary>
    public bool CanEverHold(int slots) => slots <= _slots;

    /// <summary>Takes a place, with one atomic addition. Who gets one must write there.</summary>
    public bool TryTake(int slots, out int slot)
    {
        var end = Interlocked.Add(ref _taken.Value, slots);
        var start = end - slots;
        slot = (int)start;
        if (end <= _slots)
        {
            return true;
        }
        if (start <= _slots) // true for exactly one of those who find no room: the first
        {
            Volatile.Write(ref _end, slot);
        }
        return false;
    }

    /// <summary>Gives away no more places.</summary>
    public void Seal() => TryTake(_slots + 1, out _);

    /// <summary>Writes a record into a place that was taken, and publishes it.</summary>
    public void Write(int slot, JournalPosition previous, ReadOnlySpan<byte> payload, uint payloadChecksum)
    {
        var place = At(slot, RecordHeader.Bytes + payload.Length);
        new RecordHeader(File.Identity, new JournalPosition(Number, slot), previous, payload.Length, 0).Write(place, payloadChecksum);
        payload.CopyTo(place[RecordHeader.Bytes..]);
        Volatile.Write(ref WordAt(slot, 0), RecordHeader.Published);
    }

    /// <summary>
    /// Steps over the next published record; false when the next place is not published yet, or there is none. For one thread.
    /// </summary>
    public bool TryWalk(out int slot, out RecordKind kind)
    {
        slot = _walked;
        kind = default;
        if (slot >= PlacesEnd || Volatile.Read(ref WordAt(slot, 0)) != RecordHeader.Published)
        {
            return false;
        }
        // All that is read here is read before the step: after the last one the segment may go at any moment.
        var payload = PayloadAt(slot);
        kind = RecordCodec.KindOf(payload);
        Volatile.Write(ref _records, _records + 1);
        Volatile.Write(ref _walked, slot + RecordHeader.SlotsFor(payload.Length));
        return true;
    }

    /// <summary>The payload of a published record.</summary>
    public ReadOnlySpan<byte> PayloadAt(int slot) =>
        At(slot, RecordHeader.Bytes + (int)WordAt(slot, RecordHeader.LengthAt))[RecordHeader.Bytes..];

    /// <summary>The record of the same call before a published one.</summary>
    public JournalPosition PreviousOf(int slot) => new(MemoryMarshal.Read<long>(At(slot, RecordHeader.Bytes)[RecordHeader.PreviousAt..]));

    public bool IsConfirmed(int slot) => Volatile.Read(ref WordAt(slot, RecordHeader.StateAt)) == RecordHeader.Confirmed;

    /// <summary>Marks a published record: its call needs no replay. A second time does nothing.</summary>
    public void Confirm(int slot)
    {
        if (Interlocked.Exchange(ref WordAt(slot, RecordHeader.StateAt), RecordHeader.Confirmed) != RecordHeader.Confirmed)
        {
            Interlocked.Increment(ref _confirmed);
        }
    }

    /// <summary>The slot of the first published record after a slot, within what was walked; -1 when there is none.</summary>
    public int Next(int slot) =>
        slot + RecordHeader.SlotsFor(PayloadAt(slot).Length) is var next && next < Volatile.Read(ref _walked) ? next : -1;

    /// <summary>
    /// The slot of the oldest published record that is not confirmed; -1 when there is none. Not for several threads at once.
    /// </summary>
    public int OldestUnconfirmed()
    {
        for (var slot = _oldest; slot >= 0 && slot < Volatile.Read(ref _walked); slot = Next(slot))
        {
            if (!IsConfirmed(slot))
            {
                _oldest = slot;
                return slot;
            }
        }
        return -1;
    }

    /// <summary>Whether something was written since the last sync.</summary>
    public bool NeedsSync => !SyncFailed && PlacesEnd > SyncedSlots && !IsDone;

    /// <summary>Brings to the disk what is published. For one thread.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Sync(Action<SafeFileHandle> flushToDisk)
    {
        var published = Volatile.Read(ref _walked);
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                _view.Flush(); // on Linux the flush of the file takes what was written through the mapping with it
            }
            flushToDisk(_handle);
            Volatile.Write(ref _synced, published);
        }
        catch (IOException)
        {
            SyncFailed = true;
            throw;
        }
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _handle.Dispose();
    }

    // Where the places end that were given away so far.
    private long PlacesEnd => Volatile.Read(ref _end) is >= 0 and var end ? end : Math.Min(Volatile.Read(ref _taken.Value), _slots);

    private Span<byte> At(int slot, int bytes) => new(_start + ((long)slot * RecordHeader.SlotBytes), bytes);

    private ref uint WordAt(int slot, int offset) => ref Unsafe.AsRef<uint>(_start + ((long)slot * RecordHeader.SlotBytes) + offset);

    // On cache lines of its own: every append writes it, and the fields around it are read by every append.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct LonelyCounter
    {
        [FieldOffset(64)]
        public long Value;
    }
}

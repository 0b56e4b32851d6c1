using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Journal;

/// <summary>
/// Reads a segment of a process that is gone, slot by slot, whatever state it is in. A whole record is one with the right magic, the
/// segment's identity, its own place in it, and a right checksum. Slots that begin with zero are places that were taken and not published;
/// they are stepped over, and what their head says of their length is only used to know their remains from damage. All else is set aside.
/// </summary>
internal sealed class SegmentScanner : IDisposable
{
    private const int WindowBytes = 1024 * 1024;

    private readonly SegmentFile _file;
    private readonly SafeFileHandle _handle;
    private readonly DamagedSlots _damaged;
    private readonly byte[] _window = new byte[WindowBytes];
    private readonly long _length;
    private long _windowAt;
    private int _windowLength;
    private long _at;
    private long _unpublishedUntil; // remains of an unpublished place may stand before this
    private long _damagedUntil; // remains of a damaged record may stand before this
    private bool _isGap; // empty slots since the last record

    public SegmentScanner(SegmentFile file)
    {
        _file = file;
        _handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _length = RandomAccess.GetLength(_handle);
        _damaged = new DamagedSlots(file);
    }

    /// <summary>Places that were taken and not published, as far as they can be told apart.</summary>
    public int UnpublishedPlaces { get; private set; }

    public int DamagedPlaces => _damaged.Places;

    /// <summary>Where damaged slots were set aside.</summary>
    public string DamagedPath => _damaged.Path;

    /// <summary>The next whole record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isConfirmed">Whether its call is in the database or released.</param>
    /// <returns>False at the end of the segment.</returns>
    public bool TryNext(out JournalRecord record, out bool isConfirmed)
    {
        while (_at < _length)
        {
            var place = Window(RecordHeader.SlotBytes);
            if (place.Length >= RecordHeader.Bytes && RecordHeader.MagicAt(place) == RecordHeader.Published)
            {
                if (TryRecord(place, out record, out isConfirmed))
                {
                    return true;
                }
            }
            else
            {
                Step(place);
            }
        }
        record = default;
        isConfirmed = false;
        return false;
    }

    public void Dispose()
    {
        _damaged.Dispose();
        _handle.Dispose();
    }

    private bool TryRecord(ReadOnlySpan<byte> slot, out JournalRecord record, out bool isConfirmed)
    {
        var header = RecordHeader.Read(slot);
        isConfirmed = RecordHeader.IsConfirmed(slot);
        record = default;
        var place = IsPossible(header) ? Window(RecordHeader.Bytes + header.PayloadLength) : default;
        if (place.Length < RecordHeader.Bytes + header.PayloadLength || place.IsEmpty || !header.Matches(place, _file.Identity, Position))
        {
            _damagedUntil = Math.Max(_damagedUntil, EndOf(header));
            SetAside(Window(RecordHeader.SlotBytes));
            return false;
        }
        if (!RecordCodec.TryRead(place[RecordHeader.Bytes..], out record))
        {
            SetAside(Window((int)(EndOf(header) - _at))); // whole, but of a kind that only a newer version knows
            return false;
        }
        UnpublishedPlaces += _isGap ? 1 : 0;
        _isGap = false;
        _at = EndOf(header);
        _unpublishedUntil = _damagedUntil = 0;
        return true;
    }

    // A slot without a published record's magic.
    private void Step(ReadOnlySpan<byte> slot)
    {
        var isEmpty = !slot.ContainsAnyExcept((byte)0);
        if (_at < _unpublishedUntil)
        {
            _at += RecordHeader.SlotBytes;
        }
        else if (_at < _damagedUntil || (!isEmpty && !IsUnpublished(slot)))
        {
            SetAside(slot);
        }
        else
        {
            var header = isEmpty ? default : RecordHeader.Read(slot);
            UnpublishedPlaces += isEmpty ? 0 : 1;
            _unpublishedUntil = !isEmpty && header.Segment == _file.Identity && header.Position == Position ? EndOf(header) : 0;
            _isGap |= isEmpty;
            _at += RecordHeader.SlotBytes;
        }
    }

    private static bool IsUnpublished(ReadOnlySpan<byte> slot) => slot.Length >= RecordHeader.Bytes && RecordHeader.MagicAt(slot) == 0;

    private JournalPosition Position => new(_file.Number, (int)(_at / RecordHeader.SlotBytes));

    private static bool IsPossible(in RecordHeader header) => header.PayloadLength is > 0 and <= RecordHeader.LargestPayload;

    private long EndOf(in RecordHeader header) =>
        _at + ((long)RecordHeader.SlotBytes * (IsPossible(header) ? RecordHeader.SlotsFor(header.PayloadLength) : 1));

    private void SetAside(ReadOnlySpan<byte> slots)
    {
        _damaged.SetAside(_at, slots);
        _at += Math.Max(slots.Length, RecordHeader.SlotBytes);
    }

    // What stands at the present slot, as much of it as there is.
    private ReadOnlySpan<byte> Window(int bytes)
    {
        if (_at < _windowAt || _at + bytes > _windowAt + _windowLength)
        {
            _windowAt = _at;
            _windowLength = 0;
            while (
                _windowLength < WindowBytes
                && RandomAccess.Read(_handle, _window.AsSpan(_windowLength), _windowAt + _windowLength) is > 0 and var read
            )
            {
                _windowLength += read;
            }
        }
        var at = (int)(_at - _windowAt);
        return _window.AsSpan(at, Math.Min(bytes, _windowLength - at));
    }
}

using System.Buffers.Binary;

namespace Gateway.Core.Journal;

/// <summary>
/// Knows which records need no replay any more. Records of one call are chained backwards, so that its last record stands for all of them.
/// An open hold that would keep an old segment alive is written anew at the head; the call still names the old place, and is led to the new
/// one.
/// </summary>
internal sealed class Confirmations(SegmentChain chain)
{
    // Holds of segments that old are few, because calls are short; many of them mean something else, and copying them would only fill the
    // disk faster.
    private const int MostCopies = 4_096;
    private const int OldAfterSegments = 2;

    private readonly Dictionary<JournalPosition, JournalPosition> _moved = [];
    private readonly List<(Segment Segment, int Slot)> _records = [];

    /// <summary>Confirms all records of some calls.</summary>
    /// <param name="lasts">The last record of each call.</param>
    /// <returns>Whether a segment may have become free.</returns>
    public bool Confirm(params ReadOnlySpan<JournalPosition> lasts)
    {
        lock (chain.Gate)
        {
            var isDone = false;
            foreach (var last in lasts)
            {
                isDone |= ConfirmCall(last);
            }
            return isDone;
        }
    }

    private bool ConfirmCall(JournalPosition last)
    {
        _records.Clear();
        for (var position = last; !position.IsNone; )
        {
            while (_moved.Count > 0 && _moved.Remove(position, out var copy))
            {
                position = copy;
            }
            if (chain.Find(position.Segment) is not { } segment)
            {
                break; // confirmed before
            }
            _records.Add((segment, position.Slot));
            position = segment.PreviousOf(position.Slot);
        }
        // The hold first: a hold that is confirmed without its settlement is settled once more, which changes nothing; the other way
        // round it would seem open.
        var isDone = false;
        for (var i = _records.Count - 1; i >= 0; i--)
        {
            _records[i].Segment.Confirm(_records[i].Slot);
            isDone |= _records[i].Segment.IsDone;
        }
        return isDone;
    }

    /// <summary>Writes open holds of old segments anew, so that these can go.</summary>
    /// <param name="append">Appends a payload that follows a record.</param>
    public void MoveOldHolds(Func<byte[], JournalPosition, JournalAppend> append)
    {
        foreach (var segment in chain.All)
        {
            if (segment.Number <= chain.Head.Number - OldAfterSegments && segment.IsQuiet && segment.Unconfirmed is > 0 and <= MostCopies)
            {
                lock (chain.Gate)
                {
                    Move(segment, append);
                }
            }
        }
    }

    /// <summary>When the oldest call that is not confirmed was admitted: its id tells.</summary>
    public DateTime? OldestCallAt()
    {
        lock (chain.Gate)
        {
            foreach (var segment in chain.All)
            {
                if (segment.OldestUnconfirmed() is >= 0 and var slot)
                {
                    var id = RecordCodec.CallIdOf(segment.PayloadAt(slot));
                    var milliseconds =
                        ((long)BinaryPrimitives.ReadUInt32BigEndian(id) << 16) | BinaryPrimitives.ReadUInt16BigEndian(id[4..]);
                    return DateTimeOffset
                        .FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
                        .UtcDateTime;
                }
            }
            return null;
        }
    }

    private void Move(Segment segment, Func<byte[], JournalPosition, JournalAppend> append)
    {
        List<int> open = [];
        for (var slot = segment.OldestUnconfirmed(); slot >= 0; slot = segment.Next(slot))
        {
            if (!segment.IsConfirmed(slot))
            {
                if (RecordCodec.KindOf(segment.PayloadAt(slot)) is not (RecordKind.Hold or RecordKind.Extend))
                {
                    return; // an ended call that is on its way to the database keeps the segment anyway
                }
                open.Add(slot);
            }
        }
        foreach (var slot in open)
        {
            var payload = segment.PayloadAt(slot).ToArray();
            RecordCodec.MarkAsCopy(payload);
            if (append(payload, segment.PreviousOf(slot)) is not { IsPublished: true } copy)
            {
                return;
            }
            _moved[new JournalPosition(segment.Number, slot)] = copy.Position;
            segment.Confirm(slot);
        }
    }
}

namespace Gateway.Core.Journal;

/// <summary>
/// Where a record stands: the segment's number in the upper half, the slot in the lower. Later records of one call have larger positions.
/// The default is no record.
/// </summary>
/// <param name="Value">Both numbers; also the sequence number in the record's header.</param>
public readonly record struct JournalPosition(long Value) : IComparable<JournalPosition>
{
    /// <summary>No record: what a call's first record follows.</summary>
    public static JournalPosition None => default;

    internal JournalPosition(int segment, int slot)
        : this(((long)segment << 32) | (uint)slot) { }

    internal int Segment => (int)(Value >> 32);

    internal int Slot => (int)Value;

    /// <summary>Whether there is a record at all.</summary>
    public bool IsNone => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(JournalPosition other) => Value.CompareTo(other.Value);
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Gateway.Core.Journal;

/// <summary>
/// The head of a record, 40 bytes, little-endian: magic (4), state (4), segment identity (8), sequence (8), position of the call's record
/// before this one (8), payload length (4), CRC32C of payload and head from the identity on (4). The magic is written last. The state is
/// written later, when the call is in the database, and is therefore not in the checksum; whatever it says, the record itself can be
/// believed.
/// </summary>
internal readonly record struct RecordHeader(
    ulong Segment,
    JournalPosition Position,
    JournalPosition Previous,
    int PayloadLength,
    uint Checksum
)
{
    public const int SlotBytes = 64;
    public const int Bytes = 40;
    public const int StateAt = 4;
    public const int PreviousAt = 24;
    public const int LengthAt = 32;

    /// <summary>The magic of a published record: <c>HUBJ</c>.</summary>
    public const uint Published = 0x4A_42_55_48;

    /// <summary>
    /// The state of a record whose call is in the database or released: <c>DONE</c>. No single flipped byte turns "not yet" (zero) into it.
    /// </summary>
    public const uint Confirmed = 0x45_4E_4F_44;

    /// <summary>
    /// The largest payload: far above what bounded texts can make, and small enough to read a journal with little memory.
    /// </summary>
    public const int LargestPayload = 256 * 1024;

    private const int CheckedAt = 8;
    private const int ChecksumAt = 36;

    /// <summary>Slots that a record takes.</summary>
    public static int SlotsFor(int payloadLength) => (Bytes + payloadLength + SlotBytes - 1) / SlotBytes;

    /// <summary>CRC32C of a payload, before it is known where it will stand.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> payload)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        var crc = uint.MaxValue;
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }
        foreach (var last in payload[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, last);
        }
        return crc;
    }

    /// <summary>Writes all but magic and state.</summary>
    /// <param name="place">Where the record stands.</param>
    /// <param name="payloadChecksum">What <see cref="ChecksumOf"/> gave.</param>
    public void Write(Span<byte> place, uint payloadChecksum)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(place[CheckedAt..], Segment);
        BinaryPrimitives.WriteInt64LittleEndian(place[16..], Position.Value);
        BinaryPrimitives.WriteInt64LittleEndian(place[PreviousAt..], Previous.Value);
        BinaryPrimitives.WriteInt32LittleEndian(place[LengthAt..], PayloadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(place[ChecksumAt..], Finish(payloadChecksum, place));
    }

    /// <summary>Reads all but magic and state; believe nothing before <see cref="Matches"/>.</summary>
    public static RecordHeader Read(ReadOnlySpan<byte> place) =>
        new(
            BinaryPrimitives.ReadUInt64LittleEndian(place[CheckedAt..]),
            new JournalPosition(BinaryPrimitives.ReadInt64LittleEndian(place[16..])),
            new JournalPosition(BinaryPrimitives.ReadInt64LittleEndian(place[PreviousAt..])),
            BinaryPrimitives.ReadInt32LittleEndian(place[LengthAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(place[ChecksumAt..])
        );

    /// <summary>The magic at a slot: zero, <see cref="Published"/>, or damage.</summary>
    public static uint MagicAt(ReadOnlySpan<byte> place) => BinaryPrimitives.ReadUInt32LittleEndian(place);

    /// <summary>Whether the record's call needs no replay.</summary>
    public static bool IsConfirmed(ReadOnlySpan<byte> place) => BinaryPrimitives.ReadUInt32LittleEndian(place[StateAt..]) == Confirmed;

    /// <summary>Whether the record is whole and stands where it was written.</summary>
    public bool Matches(ReadOnlySpan<byte> place, ulong segment, JournalPosition position) =>
        Segment == segment && Position == position && Finish(ChecksumOf(place.Slice(Bytes, PayloadLength)), place) == Checksum;

    private static uint Finish(uint payloadChecksum, ReadOnlySpan<byte> place)
    {
        var crc = payloadChecksum;
        for (var at = CheckedAt; at < LengthAt; at += sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(place[at..]));
        }
        return ~BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt32LittleEndian(place[LengthAt..]));
    }
}

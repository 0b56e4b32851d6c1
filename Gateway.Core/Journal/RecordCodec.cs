namespace Gateway.Core.Journal;

/// <summary>
/// The bytes of a record: a format byte, the kind, the call's id, then what the kind has. New members go to the end, where a reader that
/// finds none takes the default; only what an old reader would misunderstand needs a new format byte.
/// </summary>
internal static class RecordCodec
{
    private const byte Format = 1;
    private const int KindAt = 1;
    private const int CallIdAt = 2;
    private const byte CopyFlag = 0x80;

    /// <summary>Begins a record.</summary>
    public static void Begin(ref RecordWriter writer, RecordKind kind, Guid callId)
    {
        writer.Byte(Format);
        writer.Byte((byte)kind);
        writer.Id(callId);
    }

    /// <summary>The kind of a record that this process has written.</summary>
    public static RecordKind KindOf(ReadOnlySpan<byte> payload) => (RecordKind)(payload[KindAt] & ~CopyFlag);

    /// <summary>The 16 bytes of a record's call id.</summary>
    public static ReadOnlySpan<byte> CallIdOf(ReadOnlySpan<byte> payload) => payload.Slice(CallIdAt, 16);

    /// <summary>Makes a record a copy of one that stands further back.</summary>
    public static void MarkAsCopy(Span<byte> payload) => payload[KindAt] |= CopyFlag;

    /// <summary>Reads a record.</summary>
    /// <returns>False when it is of a format or kind that is not known here, or makes no sense.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out JournalRecord record)
    {
        record = default;
        var reader = new RecordReader(payload);
        if (reader.Byte() != Format)
        {
            return false;
        }
        var marked = reader.Byte();
        var head = new JournalRecord((RecordKind)(marked & ~CopyFlag), (marked & CopyFlag) != 0, reader.Id(), Attempt: 0);
        switch (head.Kind)
        {
            case RecordKind.Hold:
                var hold = HoldCodec.Read(ref reader, head.CallId);
                record = head with { Hold = hold, Attempt = hold.Attempt, BoundNanoUsd = hold.BoundNanoUsd };
                break;
            case RecordKind.Extend:
                record = head with { Attempt = reader.Integer(), BoundNanoUsd = reader.Number() };
                break;
            case RecordKind.Settle:
                record = head with { Usage = UsageRecordCodec.Read(ref reader, head.CallId), Attempt = int.MaxValue };
                break;
            case RecordKind.Release:
                record = head with { Attempt = reader.Integer() };
                break;
            default:
                return false;
        }
        return !reader.Failed;
    }
}

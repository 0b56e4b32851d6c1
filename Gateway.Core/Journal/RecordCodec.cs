using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Journal;

/// <summary>What a record says. The numbers stand in files: never change them.</summary>
internal enum RecordKind : byte
{
    Hold = 1,
    Extend = 2,
    Settle = 3,
    Release = 4,
}

/// <summary>A record as it was read. Which members are set follows from the kind.</summary>
internal readonly record struct JournalRecord(RecordKind Kind, bool IsCopy, Guid CallId, int Attempt)
{
    public HoldRecord Hold { get; init; }

    public long BoundNanoUsd { get; init; }

    public UsageRecord? Usage { get; init; }
}

/// <summary>
/// The bytes of a record: a format byte, the kind, the call's id, then what the kind has. New members go to the end, where a reader that finds none takes the
/// default; only what an old reader would misunderstand needs a new format byte.
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

/// <summary>Something that can be written as a record. Structs, so that each kind gets code of its own and none is boxed.</summary>
internal interface IRecordSource
{
    /// <summary>Whether it is the beginning of spending: then it must leave room for the ends of what has begun.</summary>
    static abstract bool TakesMoney { get; }

    void Write(ref RecordWriter writer);
}

internal readonly struct HoldSource(in HoldRecord hold) : IRecordSource
{
    private readonly HoldRecord _hold = hold;

    public static bool TakesMoney => true;

    public void Write(ref RecordWriter writer)
    {
        RecordCodec.Begin(ref writer, RecordKind.Hold, _hold.CallId);
        HoldCodec.Write(ref writer, in _hold);
    }
}

internal readonly struct ExtendSource(Guid callId, int attempt, long boundNanoUsd) : IRecordSource
{
    public static bool TakesMoney => true;

    public void Write(ref RecordWriter writer)
    {
        RecordCodec.Begin(ref writer, RecordKind.Extend, callId);
        writer.Number(attempt);
        writer.Number(boundNanoUsd);
    }
}

internal readonly struct SettleSource(Guid callId, UsageRecord usage) : IRecordSource
{
    public static bool TakesMoney => false;

    public void Write(ref RecordWriter writer)
    {
        RecordCodec.Begin(ref writer, RecordKind.Settle, callId);
        UsageRecordCodec.Write(ref writer, usage);
    }
}

internal readonly struct ReleaseSource(Guid callId, int attempt) : IRecordSource
{
    public static bool TakesMoney => false;

    public void Write(ref RecordWriter writer)
    {
        RecordCodec.Begin(ref writer, RecordKind.Release, callId);
        writer.Number(attempt);
    }
}

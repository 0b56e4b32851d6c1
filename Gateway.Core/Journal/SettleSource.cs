using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Journal;

internal readonly struct SettleSource(Guid callId, UsageRecord usage) : IRecordSource
{
    public static bool TakesMoney => false;

    public void Write(ref RecordWriter writer)
    {
        RecordCodec.Begin(ref writer, RecordKind.Settle, callId);
        UsageRecordCodec.Write(ref writer, usage);
    }
}

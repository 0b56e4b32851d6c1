namespace Gateway.Core.Journal;

internal readonly struct ReleaseSource(Guid callId, int attempt) : IRecordSource
{
    public static bool TakesMoney => false;

    public void Write(ref RecordWriter writer)
    {
        RecordCodec.Begin(ref writer, RecordKind.Release, callId);
        writer.Number(attempt);
    }
}

namespace Gateway.Core.Journal;

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

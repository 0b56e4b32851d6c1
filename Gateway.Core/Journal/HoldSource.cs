namespace Gateway.Core.Journal;

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

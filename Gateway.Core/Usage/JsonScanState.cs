namespace Gateway.Core.Usage;

/// <summary>How far a JSON text has come.</summary>
internal enum JsonScanState : byte
{
    Incomplete,
    Complete,
    Broken,
}

namespace Gateway.Core.Journal;

/// <summary>What a record says. The numbers stand in files: never change them.</summary>
internal enum RecordKind : byte
{
    Hold = 1,
    Extend = 2,
    Settle = 3,
    Release = 4,
}

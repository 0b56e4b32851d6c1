namespace Gateway.Core.Usage;

/// <summary>The members of an answer that the meter keeps.</summary>
internal enum AnswerMember : byte
{
    Id,
    Model,
    ServiceTier,
    Usage,
    Error,
}

/// <summary>What the root of a JSON text is.</summary>
internal enum JsonRoot : byte
{
    None,
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

/// <summary>How far a JSON text has come.</summary>
internal enum JsonScanState : byte
{
    Incomplete,
    Complete,
    Broken,
}

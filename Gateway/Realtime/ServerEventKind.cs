namespace Gateway.Realtime;

/// <summary>What an event of the upstream's means for the ledger.</summary>
internal enum ServerEventKind
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>The session as it stands.</summary>
    Session,

    /// <summary>It does not do what the event asked for whose id is told.</summary>
    Refuses,

    /// <summary>A response has begun: its prompt is read.</summary>
    Begins,

    /// <summary>A piece of a response.</summary>
    Makes,

    /// <summary>A response is over, and tells its usage.</summary>
    Ends,

    /// <summary>What was said was written down, by a model of its own.</summary>
    WrittenDown,
}

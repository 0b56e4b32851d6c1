namespace Gateway.Realtime;

/// <summary>What came of one side of a session.</summary>
internal enum RealtimeArrival
{
    /// <summary>A whole message.</summary>
    Text,

    /// <summary>A message that is no text: no event.</summary>
    Binary,

    /// <summary>A message that is larger than is read.</summary>
    TooLarge,

    /// <summary>It said that it closes.</summary>
    Closed,

    /// <summary>The connection broke.</summary>
    Broken,
}

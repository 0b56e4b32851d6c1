namespace Gateway.Core.Storage;

/// <summary>Ids of calls: UUIDs, as text outside of the database.</summary>
public static class CallIds
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    /// <summary>The id; of a text that is none, the id of no call.</summary>
    public static Guid Parse(string text) => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty;

    /// <summary>Whether a text is the id of a call as the database gives it back.</summary>
    public static bool IsOne(string text) => Parse(text) is var id && id != Guid.Empty && id.ToString() == text;
}

namespace Gateway.Telemetry;

/// <summary>The records of a journal: the values of the label <c>record</c>.</summary>
internal static class JournalRecordKinds
{
    /// <summary>A call is about to go upstream.</summary>
    public const string Hold = "hold";

    /// <summary>A call holds more.</summary>
    public const string Extension = "extension";

    /// <summary>The row that a call leaves in the ledger.</summary>
    public const string Settlement = "settlement";

    /// <summary>A call never went upstream.</summary>
    public const string Release = "release";

    public static readonly string[] All = [Hold, Extension, Settlement, Release];
}

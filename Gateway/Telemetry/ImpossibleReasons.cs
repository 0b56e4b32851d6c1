namespace Gateway.Telemetry;

/// <summary>Why a usage that the upstream reported cannot be: the values of the label <c>reason</c>.</summary>
internal static class ImpossibleReasons
{
    /// <summary>A count is no whole number, or beyond all counting.</summary>
    public const string NoCount = "no_count";

    /// <summary>More than the model can read or write.</summary>
    public const string AboveModel = "above_model";

    /// <summary>Dearer than what was held, which is a true bound.</summary>
    public const string AboveHold = "above_hold";

    public static readonly string[] All = [NoCount, AboveModel, AboveHold];
}

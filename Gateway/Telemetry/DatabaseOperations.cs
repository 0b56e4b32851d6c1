namespace Gateway.Telemetry;

/// <summary>What the database was used for: the values of the label <c>operation</c>.</summary>
internal static class DatabaseOperations
{
    /// <summary>Writing ended calls.</summary>
    public const string Ledger = "ledger";

    /// <summary>Reading keys, users and sessions at their first use.</summary>
    public const string Callers = "callers";
}

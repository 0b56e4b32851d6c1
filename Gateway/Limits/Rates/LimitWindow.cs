namespace Gateway.Limits.Rates;

/// <summary>The rates that a limit can have, in the order in which a refusal names them.</summary>
internal enum LimitWindow : byte
{
    /// <summary>Calls in any 60 seconds.</summary>
    RequestsPerMinute,

    /// <summary>Tokens in any 60 seconds.</summary>
    TokensPerMinute,

    /// <summary>Calls per UTC day.</summary>
    RequestsPerDay,

    /// <summary>Tokens per UTC day.</summary>
    TokensPerDay,

    /// <summary>Tokens per UTC month.</summary>
    TokensPerMonth,

    /// <summary>Calls in flight at once.</summary>
    MaxConcurrent,
}

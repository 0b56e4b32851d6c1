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

/// <summary>The names of windows as the management API and refusals write them.</summary>
internal static class LimitWindowNames
{
    /// <summary><c>requests_per_minute</c>, ..., <c>max_concurrent</c>.</summary>
    public static string ToName(this LimitWindow window) => window switch
    {
        LimitWindow.RequestsPerMinute => "requests_per_minute",
        LimitWindow.TokensPerMinute => "tokens_per_minute",
        LimitWindow.RequestsPerDay => "requests_per_day",
        LimitWindow.TokensPerDay => "tokens_per_day",
        LimitWindow.TokensPerMonth => "tokens_per_month",
        _ => "max_concurrent",
    };
}

namespace Gateway.Limits.Rates;

/// <summary>The names of windows as the management API and refusals write them.</summary>
internal static class LimitWindowNames
{
    /// <summary><c>requests_per_minute</c>, ..., <c>max_concurrent</c>.</summary>
    public static string ToName(this LimitWindow window) =>
        window switch
        {
            LimitWindow.RequestsPerMinute => "requests_per_minute",
            LimitWindow.TokensPerMinute => "tokens_per_minute",
            LimitWindow.RequestsPerDay => "requests_per_day",
            LimitWindow.TokensPerDay => "tokens_per_day",
            LimitWindow.TokensPerMonth => "tokens_per_month",
            _ => "max_concurrent",
        };
}

namespace Gateway.Calls;

/// <summary>The values of <c>error.gateway.reason</c>.</summary>
internal static class LimitReasons
{
    /// <summary>A rate has no room now; it has later.</summary>
    public const string RateReached = "rate_reached";

    /// <summary>The call alone is larger than the whole limit, budget or balance: neither waiting nor a reset helps.</summary>
    public const string LargerThanLimit = "larger_than_limit";

    /// <summary>Nothing of the money is left.</summary>
    public const string UsedUp = "used_up";

    /// <summary>Some money is left, and the call may cost more.</summary>
    public const string NotEnoughLeft = "not_enough_left";
}

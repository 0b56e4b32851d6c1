namespace Gateway.Core.Storage.Entities;

/// <summary>The values of <c>usage_records.usage_source</c>: where a row's tokens and cost come from.</summary>
public static class UsageSources
{
    /// <summary>The upstream said so.</summary>
    public const string Reported = "reported";

    /// <summary>From the bytes that passed: the upstream said nothing.</summary>
    public const string Estimated = "estimated";

    /// <summary>What the upstream said cannot be: charged is the call's bound, and the tokens are estimated.</summary>
    public const string Impossible = "impossible";

    /// <summary>The whole hold: the node died while the call was in flight, or its answer is still made in the background.</summary>
    public const string Bound = "bound";

    /// <summary>Nothing was used.</summary>
    public const string None = "none";

    /// <summary>The row lowers the charge of another.</summary>
    public const string Correction = "correction";
}

namespace Gateway.Core.Pricing;

/// <summary>Names of service tiers, as providers and price keys write them.</summary>
public static class ServiceTiers
{
    internal const int Count = 4;

    /// <summary>Unknown text, <c>standard</c>, <c>auto</c> and the like are <see cref="ServiceTier.Default"/>.</summary>
    public static ServiceTier Parse(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("priority"u8) ? ServiceTier.Priority
        : name.SequenceEqual("flex"u8) ? ServiceTier.Flex
        : name.SequenceEqual("batch"u8) ? ServiceTier.Batch
        : ServiceTier.Default;

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static ServiceTier Parse(ReadOnlySpan<char> name) =>
        name switch
        {
            "priority" => ServiceTier.Priority,
            "flex" => ServiceTier.Flex,
            "batch" => ServiceTier.Batch,
            _ => ServiceTier.Default,
        };

    /// <summary>The name in price keys and in our own answers.</summary>
    public static string ToName(this ServiceTier tier) =>
        tier switch
        {
            ServiceTier.Priority => "priority",
            ServiceTier.Flex => "flex",
            ServiceTier.Batch => "batch",
            _ => "default",
        };
}

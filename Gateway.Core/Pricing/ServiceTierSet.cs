namespace Gateway.Core.Pricing;

/// <summary>The service tiers that an answer can name.</summary>
[Flags]
public enum ServiceTierSet : byte
{
    None = 0,
    Default = 1 << ServiceTier.Default,
    Priority = 1 << ServiceTier.Priority,
    Flex = 1 << ServiceTier.Flex,
    Batch = 1 << ServiceTier.Batch,
    All = Default | Priority | Flex | Batch,
}

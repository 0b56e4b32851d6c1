namespace Gateway.Core.Pricing;

/// <summary>The speed class a provider sold the call at; the one that the answer names decides the price.</summary>
public enum ServiceTier : byte
{
    Default,
    Priority,
    Flex,
    Batch,
}

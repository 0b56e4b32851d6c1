namespace Gateway.Core.Storage.Entities;

/// <summary>What traffic did with a key, model by model.</summary>
public sealed class ApiKeyUsage
{
    /// <summary>The key.</summary>
    public required string ApiKeyId { get; set; }

    /// <summary>The model.</summary>
    public required string ModelId { get; set; }

    /// <summary>Calls recorded.</summary>
    public long RequestCount { get; set; }

    /// <summary>What they cost, in nano-dollars.</summary>
    public long TotalCostNanoUsd { get; set; }

    /// <summary>The last call's admission.</summary>
    public DateTime LastUsedAt { get; set; }
}

namespace Gateway.Core.Storage.Entities;

/// <summary>A batch that is not settled. Its row in the ledger has its whole hold until then.</summary>
public sealed class BatchCall
{
    /// <summary>The id of the call that made it.</summary>
    public required string Id { get; set; }

    /// <summary>The upstream's id of the batch.</summary>
    public required string BatchId { get; set; }

    /// <summary>The upstream, by its name.</summary>
    public required string Upstream { get; set; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; set; }

    /// <summary>The path of its calls, with <c>/v1</c>.</summary>
    public required string Endpoint { get; set; }

    /// <summary>What a call costs whose answer does not tell.</summary>
    public long LargestNanoUsd { get; set; }

    /// <summary>The model's prices when it began, JSON.</summary>
    public required string Prices { get; set; }

    /// <summary>When it began, UTC.</summary>
    public DateTime CreatedAt { get; set; }
}

namespace Gateway.Core.Storage.Entities;

/// <summary>What was read of a file for a batch while it was uploaded: what all of its calls can use and cost.</summary>
public sealed class BatchFile
{
    /// <summary>The upstream's id of the file.</summary>
    public required string Id { get; set; }

    /// <summary>The upstream, by its name.</summary>
    public required string Upstream { get; set; }

    /// <summary>The model of all lines.</summary>
    public required string ModelId { get; set; }

    /// <summary>The path of all lines, with <c>/v1</c>.</summary>
    public required string Endpoint { get; set; }

    /// <summary>Calls in it.</summary>
    public int Lines { get; set; }

    /// <summary>The sum of the bounds of all lines; below <see cref="Refusal"/> it says nothing.</summary>
    public long BoundNanoUsd { get; set; }

    /// <summary>The largest bound of one line.</summary>
    public long LargestNanoUsd { get; set; }

    /// <summary>Tokens that the prompts are likely to have.</summary>
    public long InputTokens { get; set; }

    /// <summary>The most tokens of all answers.</summary>
    public long OutputTokens { get; set; }

    /// <summary>The model's prices with which the bound was computed, JSON.</summary>
    public required string Prices { get; set; }

    /// <summary>Why a line has no bound, as a sentence; null: all have one.</summary>
    public string? Refusal { get; set; }
}

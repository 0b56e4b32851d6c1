namespace Gateway.Core.Ledger;

/// <summary>What most questions ask of a sum: calls, tokens of prompts and of answers, and cost.</summary>
public sealed class UsageCount
{
    /// <summary>The start of the hour or day (UTC).</summary>
    public DateTime BucketStart { get; init; }

    /// <summary>The number of the model's id; 0 where sums are not split by models.</summary>
    public int ModelNumber { get; init; }

    /// <summary>Calls.</summary>
    public long Requests { get; init; }

    /// <summary>Calls that count in request windows.</summary>
    public long CountedRequests { get; init; }

    /// <summary>Tokens of prompts, of any kind.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of answers, of any kind.</summary>
    public long OutputTokens { get; init; }

    /// <summary>All tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>What was charged, nano-dollars.</summary>
    public long CostNanoUsd { get; init; }
}

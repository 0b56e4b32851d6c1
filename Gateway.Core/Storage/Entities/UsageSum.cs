using Gateway.Core.Pricing;

namespace Gateway.Core.Storage.Entities;

/// <summary>Sums of ledger entries of one model over a time. Kept by the batch that inserts the records.</summary>
public abstract class UsageSum
{
    /// <summary>The start of the hour or day (UTC).</summary>
    public DateTime BucketStart { get; set; }

    /// <summary>The number of the model's id; 0 where sums are not split by models.</summary>
    public int ModelNumber { get; set; }

    /// <summary>Calls.</summary>
    public long Requests { get; set; }

    /// <summary>Calls that count in request windows: all but those that the upstream never answered.</summary>
    public long CountedRequests { get; set; }

    /// <summary>Calls that failed.</summary>
    public long FailedRequests { get; set; }

    /// <summary>Calls whose tokens were estimated.</summary>
    public long EstimatedRequests { get; set; }

    /// <summary>Calls, and corrections of calls, that changed a prepaid balance: those that are usage transactions too.</summary>
    public long PrepaidRequests { get; set; }

    /// <summary>Uncached text tokens of prompts.</summary>
    public long InputTokens { get; set; }

    /// <summary>Tokens read from caches.</summary>
    public long CacheReadTokens { get; set; }

    /// <summary>Tokens written to caches, of any lifetime.</summary>
    public long CacheWriteTokens { get; set; }

    /// <summary>Audio, image and video tokens of prompts.</summary>
    public long InputMediaTokens { get; set; }

    /// <summary>Text tokens of answers.</summary>
    public long OutputTokens { get; set; }

    /// <summary>Reasoning tokens.</summary>
    public long ReasoningTokens { get; set; }

    /// <summary>Audio and image tokens of answers.</summary>
    public long OutputMediaTokens { get; set; }

    /// <summary>What was charged, nano-dollars.</summary>
    public long TotalCostNanoUsd { get; set; }

    /// <summary>The part of <see cref="TotalCostNanoUsd"/> that answers cost.</summary>
    public long OutputCostNanoUsd { get; set; }

    /// <summary>What the upstream says these calls cost, where it said so, nano-dollars.</summary>
    public long UpstreamCostNanoUsd { get; set; }

    /// <summary>The tokens of a group.</summary>
    public long this[TokenGroup group]
    {
        get =>
            group switch
            {
                TokenGroup.Input => InputTokens,
                TokenGroup.CacheRead => CacheReadTokens,
                TokenGroup.CacheWrite => CacheWriteTokens,
                TokenGroup.InputMedia => InputMediaTokens,
                TokenGroup.Output => OutputTokens,
                TokenGroup.Reasoning => ReasoningTokens,
                _ => OutputMediaTokens,
            };
        set
        {
            switch (group)
            {
                case TokenGroup.Input:
                    InputTokens = value;
                    break;
                case TokenGroup.CacheRead:
                    CacheReadTokens = value;
                    break;
                case TokenGroup.CacheWrite:
                    CacheWriteTokens = value;
                    break;
                case TokenGroup.InputMedia:
                    InputMediaTokens = value;
                    break;
                case TokenGroup.Output:
                    OutputTokens = value;
                    break;
                case TokenGroup.Reasoning:
                    ReasoningTokens = value;
                    break;
                default:
                    OutputMediaTokens = value;
                    break;
            }
        }
    }
}

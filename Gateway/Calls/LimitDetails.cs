namespace Gateway.Calls;

/// <summary>Whose limit said no, for <c>error.gateway</c>.</summary>
/// <param name="Scope"><c>api_key</c>, <c>user</c>, <c>team</c>, <c>tier</c>, <c>balance</c>.</param>
/// <param name="Limit">The limit: a number of requests or tokens, or USD.</param>
/// <param name="Window"><c>requests_per_minute</c>, ..., or a budget's period.</param>
/// <param name="Remaining">What is left of it, in the same unit.</param>
/// <param name="ResetAt">When it has room again; null: not by waiting.</param>
internal sealed record LimitDetails(string Scope, decimal Limit, string Window, decimal Remaining, DateTime? ResetAt)
{
    /// <summary>What kind of limit it is, from a short list: a rate's window, <c>budget</c> or <c>balance</c>. A metric's label.</summary>
    public required string Kind { get; init; }

    /// <summary>Which case it is: one of <see cref="LimitReasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// What the call needs of it, in the unit of <see cref="Limit"/>; of money the least that it can do with, where the gateway chooses its
    /// maximum.
    /// </summary>
    public required decimal Needed { get; init; }

    /// <summary>What calls in flight hold of a budget or balance, USD; null for rates.</summary>
    public decimal? Held { get; init; }

    /// <summary>
    /// The largest <c>max_tokens</c> with which the call would pass; null when none helps, or when that is no matter of the answer.
    /// </summary>
    public long? MaxTokens { get; init; }
}

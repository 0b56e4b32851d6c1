namespace Gateway.Admin.ApiKeys;

/// <summary>How often a key called a model, what that cost, and when it last did.</summary>
internal sealed record ModelUse(string ModelName, string? Provider, long Requests, long CostNanoUsd, DateTime LastUsedAt);

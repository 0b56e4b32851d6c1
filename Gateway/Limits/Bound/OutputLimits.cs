namespace Gateway.Limits.Bound;

/// <summary>Where a maximum comes from when neither the client nor the model has one.</summary>
/// <param name="TierMaxOutputTokens">The cap of the caller's tier, per choice.</param>
/// <param name="DefaultMaxOutputTokens">The process's default, per choice.</param>
internal readonly record struct OutputLimits(long? TierMaxOutputTokens, long? DefaultMaxOutputTokens);

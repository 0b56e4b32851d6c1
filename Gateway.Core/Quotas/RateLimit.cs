namespace Gateway.Core.Quotas;

/// <summary>
/// Limits of one scope, as people decided them. Immutable. Null: no limit. What traffic has used of them is kept apart, so that a changed
/// limit acts at the next call and the counts go on.
/// </summary>
/// <param name="Id">The row's id.</param>
/// <param name="Scope">What it counts over.</param>
/// <param name="ScopeId">The key, user, team or tier.</param>
/// <param name="ModelId">Only calls of this model; null: all.</param>
/// <param name="Mode">Whether it refuses.</param>
public sealed record RateLimit(string Id, QuotaScope Scope, string ScopeId, string? ModelId, QuotaMode Mode)
{
    /// <summary>Calls in any 60 seconds.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Calls per UTC day.</summary>
    public long? RequestsPerDay { get; init; }

    /// <summary>Tokens, prompt and answer, in any 60 seconds.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Tokens, prompt and answer, per UTC day.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>Tokens, prompt and answer, per UTC month; of users alone.</summary>
    public long? TokensPerMonth { get; init; }

    /// <summary>Calls in flight at once.</summary>
    public long? MaxConcurrent { get; init; }
}

namespace Gateway.Core.Storage.Entities;

/// <summary>Rates of one scope; exactly one of tier, user, team and key is set. Written by Admin.</summary>
public sealed class RateLimitRow
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The tier (then with a model), or null.</summary>
    public string? TierId { get; set; }

    /// <summary>The user, or null.</summary>
    public string? UserId { get; set; }

    /// <summary>The team, or null.</summary>
    public string? TeamId { get; set; }

    /// <summary>The key, or null.</summary>
    public string? ApiKeyId { get; set; }

    /// <summary>Only calls of this model; null: all.</summary>
    public string? ModelId { get; set; }

    /// <summary>The scope and model as one text, unique: one row for each.</summary>
    public required string ScopeKey { get; set; }

    /// <summary>Calls in any 60 s; 0 and -1: no limit.</summary>
    public long RequestsPerMinute { get; set; }

    /// <summary>Calls per UTC day; 0 and -1: no limit.</summary>
    public long RequestsPerDay { get; set; }

    /// <summary>Tokens in any 60 s; 0 and -1: no limit.</summary>
    public long TokensPerMinute { get; set; }

    /// <summary>Tokens per UTC day; 0 and -1: no limit.</summary>
    public long TokensPerDay { get; set; }

    /// <summary>Calls in flight; 0 and -1: no limit.</summary>
    public long MaxConcurrent { get; set; }

    /// <summary><c>enforce</c> or <c>shadow</c>.</summary>
    public required string Mode { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}

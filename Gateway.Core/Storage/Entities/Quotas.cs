using Gateway.Core.Quotas;

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

/// <summary>A cap on money; at most one of user, team, key and tier is set (none: binds nobody). Several rows on one scope are several windows. Written by Admin.</summary>
public sealed class BudgetRow : ICountedRow
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The user, or null.</summary>
    public string? UserId { get; set; }

    /// <summary>The team, or null.</summary>
    public string? TeamId { get; set; }

    /// <summary>The key, or null.</summary>
    public string? ApiKeyId { get; set; }

    /// <summary>The tier (then with a model), or null.</summary>
    public string? TierId { get; set; }

    /// <summary>The model, with a tier.</summary>
    public string? ModelId { get; set; }

    /// <summary>The cap of one window, nano-dollars.</summary>
    public long MaxBudgetNanoUsd { get; set; }

    /// <summary>The period as it was given; null: for ever.</summary>
    public string? BudgetDuration { get; set; }

    /// <summary>A boundary of windows that an admin chose; null: the period's own.</summary>
    public DateTime? ResetAnchor { get; set; }

    /// <summary>LiteLLM's id of it; unique when not null.</summary>
    public string? ExternalId { get; set; }

    /// <summary><c>admin</c>, <c>user</c>, <c>litellm</c>.</summary>
    public required string Source { get; set; }

    /// <summary><c>enforce</c> or <c>shadow</c>.</summary>
    public required string Mode { get; set; }

    /// <summary>When it was made: calls before this do not count.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }

    string ICountedRow.Kind => ScopeQuotas.ScopeOf(ApiKeyId, UserId, TeamId, TierId)?.Scope.ToName() ?? "";

    string ICountedRow.Detail => "";
}

/// <summary>Who decided a budget.</summary>
public static class BudgetSources
{
    /// <summary>An admin.</summary>
    public const string Admin = "admin";

    /// <summary>The user, or the owner of the key.</summary>
    public const string User = "user";

    /// <summary>It was read from LiteLLM.</summary>
    public const string LiteLlm = "litellm";
}

/// <summary>What traffic spent of one window of a budget. Written by traffic, in the batch that inserts the records.</summary>
public sealed class BudgetSpend
{
    /// <summary>The budget.</summary>
    public required string BudgetId { get; set; }

    /// <summary>The user, for a budget of a tier; else empty.</summary>
    public required string SubjectId { get; set; }

    /// <summary>The window's start.</summary>
    public DateTime WindowStart { get; set; }

    /// <summary>Settled calls, nano-dollars.</summary>
    public long SpentNanoUsd { get; set; }

    /// <summary>The last charge.</summary>
    public DateTime UpdatedAt { get; set; }
}

/// <summary>Something that operators want to know: a threshold passed, a limit exhausted, a shadow limit hit. Webhooks are sent from these rows.</summary>
public sealed class EventRow
{
    /// <summary>UUID version 7.</summary>
    public required string Id { get; set; }

    /// <summary><c>budget.threshold</c>, <c>budget.exhausted</c>, <c>balance.exhausted</c>, <c>limit.shadow</c>, ...</summary>
    public required string Type { get; set; }

    /// <summary>What it is about, unique: once per window and threshold, also on several nodes.</summary>
    public required string DedupeKey { get; set; }

    /// <summary>The scope's name, or null.</summary>
    public string? Scope { get; set; }

    /// <summary>The key, user, team or tier, or null.</summary>
    public string? ScopeId { get; set; }

    /// <summary>A JSON object with the figures.</summary>
    public required string Data { get; set; }

    /// <summary>When.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When the webhook took it; null while it has not.</summary>
    public DateTime? DeliveredAt { get; set; }

    /// <summary>How often the webhook was tried.</summary>
    public int DeliveryAttempts { get; set; }

    /// <summary>When it is tried next; null: not to be sent.</summary>
    public DateTime? NextDeliveryAt { get; set; }
}

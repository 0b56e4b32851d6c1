using Gateway.Core.Quotas;

namespace Gateway.Core.Storage.Entities;

/// <summary>
/// A cap on money; at most one of user, team, key and tier is set (none: binds nobody). Several rows on one scope are several windows.
/// Written by Admin.
/// </summary>
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

    /// <summary>Only calls for this end user of the user, team or key; <c>*</c>: for each apart; null: all calls.</summary>
    public string? EndUser { get; set; }

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

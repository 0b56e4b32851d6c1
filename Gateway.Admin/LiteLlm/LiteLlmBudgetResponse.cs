using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.LiteLlm;

/// <summary>A budget of LiteLLM in the members of Budget; <c>id</c> is LiteLLM's <c>budget_id</c>.</summary>
[Alias("budget", "budgets")]
internal sealed record LiteLlmBudgetResponse(
    string Id,
    string? UserId,
    string? TeamId,
    decimal? MaxBudget,
    decimal SpentBudget,
    string? BudgetDuration,
    DateTime? ResetAt,
    string ExternalId,
    string Source,
    DateTime? CreatedAt,
    DateTime? UpdatedAt
)
{
    /// <summary>Null when the row has no id.</summary>
    public static LiteLlmBudgetResponse? From(JsonElement row) =>
        LiteLlmJson.Text(row, "budget_id") is { Length: > 0 } id
            ? new LiteLlmBudgetResponse(
                id,
                null,
                null,
                LiteLlmJson.Number(row, "max_budget"),
                0,
                LiteLlmJson.Text(row, "budget_duration"),
                Time(row, "budget_reset_at"),
                id,
                BudgetSources.LiteLlm,
                Time(row, "created_at"),
                Time(row, "updated_at")
            )
            : null;

    private static DateTime? Time(JsonElement row, string name) =>
        LiteLlmJson.Text(row, name) is { } text && IsoTime.TryParse(text, out var time) ? time : null;
}

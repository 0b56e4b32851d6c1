using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>A budget to be made at LiteLLM.</summary>
[RequiresMembers(nameof(MaxBudget))]
[Example("""{"max_budget":100,"budget_duration":"monthly"}""")]
internal sealed record NewLiteLlmBudget : LiteLlmBudgetUpdate
{
    [StringLength(255)]
    public string? UserId { get; init; }

    [StringLength(255)]
    public string? TeamId { get; init; }
}

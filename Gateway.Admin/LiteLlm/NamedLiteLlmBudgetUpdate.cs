using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>What is to change of a budget of LiteLLM, and of which.</summary>
[Example("""{"id":"b","max_budget":150}""")]
internal sealed record NamedLiteLlmBudgetUpdate : LiteLlmBudgetUpdate
{
    [StringLength(255, MinimumLength = 1)]
    public required string Id { get; init; }
}

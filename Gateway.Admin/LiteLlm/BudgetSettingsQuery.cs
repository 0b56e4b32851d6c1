using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>Whose settings are wanted.</summary>
internal sealed record BudgetSettingsQuery
{
    public string? BudgetId { get; init; }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;

namespace Gateway.Admin.LiteLlm;

/// <summary>What is to be of a budget of LiteLLM.</summary>
internal record LiteLlmBudgetUpdate : ILimitedRecord
{
    [Amount(AmountAttribute.Smallest, 1_000_000_000)]
    [Description("USD.")]
    public Optional<Money> MaxBudget { get; init; }

    [StringLength(50), Period]
    public Optional<string?> BudgetDuration { get; init; }

    public Optional<DateTime?> ResetAt { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.Budget;
}

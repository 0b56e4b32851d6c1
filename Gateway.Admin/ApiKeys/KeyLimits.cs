using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;

namespace Gateway.Admin.ApiKeys;

/// <summary>What a key may do.</summary>
internal record KeyLimits
{
    [Names(1_000, 255)]
    [Description("The models that the key may call; empty for every model.")]
    public Optional<List<string>?> Models { get; init; }

    [Networks(100)]
    [Description("Addresses and networks (10.0.0.0/8) that the key may be used from; empty for anywhere.")]
    public Optional<List<string>?> AllowedIps { get; init; }

    [Future]
    public Optional<DateTime?> ExpiresAt { get; init; }

    [Amount(AmountAttribute.Smallest, 1_000_000_000)]
    [Description("USD that the key may spend in each period; null removes the limit.")]
    public Optional<Money?> MaxBudget { get; init; }

    [StringLength(50), Period]
    [Description("The period of max_budget: daily, weekly, monthly, yearly, never, or a number with a unit such as 30d.")]
    public Optional<string?> BudgetDuration { get; init; }

    [JsonIgnore]
    public KeyBudgetWish Budget => new(MaxBudget, BudgetDuration);
}

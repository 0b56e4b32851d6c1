using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Quotas;

/// <summary>What is to be of a budget.</summary>
[Example("""{"max_budget":150,"budget_duration":"monthly"}""")]
internal record BudgetUpdate : IScoped, IValidatableObject, ILimitedRecord
{
    [Amount(AmountAttribute.Smallest, 1_000_000_000)]
    [Description("USD that may be spent in each period.")]
    public Optional<Money> MaxBudget { get; init; }

    [StringLength(50), Period]
    [Description("daily, weekly, monthly, yearly, never, or a number with a unit such as 30d; null is never.")]
    public Optional<string?> BudgetDuration { get; init; }

    [ResetTime]
    [Description("A time that the periods are counted from; null for the period's own.")]
    public Optional<DateTime?> ResetAt { get; init; }

    [OneOf(typeof(QuotaNames), nameof(QuotaNames.Modes))]
    [Description("shadow counts and reports without refusing.")]
    public Optional<string> Mode { get; init; }

    [StringLength(36)]
    [Description("Each user of this tier.")]
    public string? TierId { get; init; }

    [StringLength(36)]
    public string? UserId { get; init; }

    [StringLength(64)]
    public string? TeamId { get; init; }

    [StringLength(36)]
    public string? ApiKeyId { get; init; }

    [StringLength(36)]
    [Description("Only calls of this model.")]
    public string? ModelId { get; init; }

    [StringLength(64, MinimumLength = 1)]
    [Description("Only calls for this end user of the user, team or key; * for each end user apart.")]
    public string? EndUser { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.Budget;

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext context) =>
        EndUser is not null && TierId is not null
            ?
            [
                .. this.ScopeFaults(tierNeedsModel: true),
                new MemberFault("end_user", "one_scope", "goes with user_id, team_id or api_key_id"),
            ]
            : this.ScopeFaults(tierNeedsModel: true);
}

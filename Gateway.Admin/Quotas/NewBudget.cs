using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Quotas;

/// <summary>A budget to be made; of a month unless its duration is sent.</summary>
[RequiresMembers(nameof(MaxBudget))]
[Example("""{"tier_id":"{tier_id}","model_id":"{model_id}","max_budget":100,"budget_duration":"monthly"}""")]
internal sealed record NewBudget : BudgetUpdate
{
    public override IEnumerable<ValidationResult> Validate(ValidationContext context) =>
        EndUser is not null && this.ToTarget() is null
            ? [new MemberFault("end_user", "required", "needs the user_id, team_id or api_key_id that the end user's calls are made with")]
        : this.ToTarget() is not { Scope: QuotaScope.TierModel } && ModelId is not null
            ? [.. base.Validate(context), new MemberFault("model_id", "one_scope", "goes with tier_id only")]
        : base.Validate(context);
}

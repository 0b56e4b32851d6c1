using Gateway.Admin.Requests;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Quotas;

/// <summary>A period as <see cref="BudgetPeriod"/> takes it; null and <c>never</c> are for ever.</summary>
internal sealed class PeriodAttribute()
    : RuleAttribute("period", "must be daily, weekly, monthly, yearly, never, or a number with s, m, h, d, w, mo or y, such as 30d")
{
    public override bool IsValid(object? value) =>
        BudgetPeriod.TryParse(value as string, resetAt: null, ResetTimeAttribute.Earliest, out _);
}

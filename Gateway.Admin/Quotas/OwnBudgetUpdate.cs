using System.ComponentModel;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Quotas;

/// <summary>A user's own monthly limit.</summary>
[Example("""{"monthly_limit":50}""")]
internal sealed record OwnBudgetUpdate : ILimitedRecord
{
    [Amount(AmountAttribute.Smallest, 1_000_000)]
    [Description("USD in a calendar month.")]
    public Optional<Money> MonthlyLimit { get; init; }

    LimitMembers ILimitedRecord.Limits => LimitMembers.OwnBudget;
}

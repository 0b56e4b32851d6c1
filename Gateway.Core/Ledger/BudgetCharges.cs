using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>
/// Which windows of which budgets a ledger entry counts in. A function of the row and the budgets as they are now.
/// </summary>
public static class BudgetCharges
{
    /// <summary>The windows that a call counts in.</summary>
    public static IReadOnlyList<BudgetCharge> Of(UsageRecord record, IEnumerable<Budget> budgets) =>
        [
            .. budgets
                .Where(b => Counts(b, record))
                .Select(b => new BudgetCharge(
                    b.Id,
                    b.SubjectOf(record.UserId, record.EndUser),
                    b.Period.WindowAt(record.AdmittedAt).Start
                )),
        ];

    private static bool Counts(Budget budget, UsageRecord record) =>
        record.AdmittedAt >= budget.CreatedAt
        && budget.Concerns(record.EndUser)
        && (budget.ModelId is null || budget.ModelId == record.ModelId)
        && budget.Scope switch
        {
            QuotaScope.ApiKey => record.ApiKeyId == budget.ScopeId,
            QuotaScope.User => record.UserId == budget.ScopeId,
            QuotaScope.Team => record.TeamId == budget.ScopeId,
            _ => record.TierId == budget.ScopeId,
        };
}

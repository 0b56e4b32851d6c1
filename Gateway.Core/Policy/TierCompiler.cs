using System.Collections.Frozen;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Policy;

/// <summary>
/// The part of the policy that tiers decide. A row that names a tier or model which is gone binds nobody and is passed over.
/// </summary>
internal static class TierCompiler
{
    public static FrozenDictionary<string, PolicyTier> CompileTiers(PolicyRows rows, List<string> faults)
    {
        foreach (var row in rows.Tiers)
        {
            if (row.BillingMode is not (null or BillingModes.Prepaid or BillingModes.Postpaid))
            {
                faults.Add($"Tier {row.Name}: \"{row.BillingMode}\" is no billing mode.");
            }
            if (row.MaxOutputTokens < 1)
            {
                faults.Add($"Tier {row.Name}: a maximum of {row.MaxOutputTokens} answer tokens leaves no answer.");
            }
        }
        return rows.Tiers.ToFrozenDictionary(
            t => t.Id,
            t => new PolicyTier(t.Id, t.Name, t.MaxOutputTokens, t.BillingMode, t.FailOpen, t.IsFree),
            StringComparer.Ordinal
        );
    }

    public static FrozenDictionary<(string TierId, string ModelId), ScopeQuotas> CompileQuotas(PolicyRows rows, List<string> faults)
    {
        foreach (var row in rows.TierRates)
        {
            CheckMode($"Rate limit {row.Id}", row.Mode, faults);
        }
        foreach (var row in rows.TierBudgets)
        {
            CheckMode($"Budget {row.Id}", row.Mode, faults);
            if (row.ModelId is null)
            {
                faults.Add($"Budget {row.Id}: what a tier limits needs a model.");
            }
            if (row.MaxBudgetNanoUsd <= 0)
            {
                faults.Add($"Budget {row.Id}: the cap is not above zero.");
            }
            if (!BudgetPeriod.TryParse(row.BudgetDuration, row.ResetAnchor, row.CreatedAt, out _))
            {
                faults.Add($"Budget {row.Id}: \"{row.BudgetDuration}\" is no period.");
            }
        }
        var rates = rows.TierRates.ToLookup(l => (l.TierId!, l.ModelId ?? ""));
        var budgets = rows.TierBudgets.ToLookup(b => (b.TierId!, b.ModelId ?? ""));
        return rates
            .Select(g => g.Key)
            .Concat(budgets.Select(g => g.Key))
            .Distinct()
            .Select(key => KeyValuePair.Create(key, ScopeQuotas.From(WithTierWide(key.Item1, key.Item2), budgets[key])))
            .ToFrozenDictionary();

        // A rate without a model stands beside those of each model, and alone (under the empty model) for a model that has none.
        IEnumerable<RateLimitRow> WithTierWide(string tierId, string modelId) =>
            modelId.Length == 0 ? rates[(tierId, modelId)] : rates[(tierId, modelId)].Concat(rates[(tierId, "")]);
    }

    private static void CheckMode(string row, string mode, List<string> faults)
    {
        if (!QuotaNames.TryParseMode(mode, out _))
        {
            faults.Add($"{row}: \"{mode}\" is no mode.");
        }
    }
}

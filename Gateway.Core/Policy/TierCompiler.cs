using System.Collections.Frozen;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Policy;

/// <summary>The part of the policy that tiers decide. A row that names a tier or model which is gone binds nobody and is passed over.</summary>
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
        return rows.Tiers.ToFrozenDictionary(t => t.Id, t => new PolicyTier(t.Id, t.Name, t.MaxOutputTokens, t.BillingMode, t.FailOpen), StringComparer.Ordinal);
    }

    public static FrozenDictionary<(string TierId, string ModelId), ScopeQuotas> CompileQuotas(PolicyRows rows, List<string> faults)
    {
        foreach (var row in rows.TierRates)
        {
            Check($"Rate limit {row.Id}", row.ModelId, row.Mode, faults);
        }
        foreach (var row in rows.TierBudgets)
        {
            Check($"Budget {row.Id}", row.ModelId, row.Mode, faults);
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
        return rates.Select(g => g.Key).Concat(budgets.Select(g => g.Key)).Distinct()
            .Select(key => KeyValuePair.Create(key, ScopeQuotas.From(rates[key], budgets[key])))
            .ToFrozenDictionary();
    }

    private static void Check(string row, string? modelId, string mode, List<string> faults)
    {
        if (modelId is null)
        {
            faults.Add($"{row}: what a tier limits needs a model.");
        }
        if (!QuotaNames.TryParseMode(mode, out _))
        {
            faults.Add($"{row}: \"{mode}\" is no mode.");
        }
    }
}

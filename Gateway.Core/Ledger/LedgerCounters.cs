using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>Every counter that traffic keeps, computed anew from the ledger's rows.</summary>
/// <param name="budgets">The budgets that exist: those of a deleted one cannot be computed any more.</param>
/// <param name="since">The moment from which on there are rows.</param>
/// <param name="names">The ids that the ledger has numbers for.</param>
internal sealed class LedgerCounters(IReadOnlyList<Budget> budgets, DateTime since, IReadOnlyDictionary<int, string> names)
{
    private readonly Dictionary<string, Budget> _budgets = budgets.ToDictionary(b => b.Id, StringComparer.Ordinal);

    public CounterTable<HourlyUsage> Hourly { get; } = RollupsOf<HourlyUsage>("usage_hourly", names);

    public CounterTable<DailyUsage> Daily { get; } = RollupsOf<DailyUsage>("usage_daily", names);

    public CounterTable<UsageTotals> Totals { get; } =
        new(
            "usage_totals",
            t => $"{t.Grain} {Text(t.BucketStart)} {Words(names, t.UserNumber, t.ModelNumber, t.TeamNumber, t.TierNumber)}",
            SumsOf<UsageTotals>()
        );

    public CounterTable<UsageByLabel> Labels { get; } =
        new("usage_by_label", s => $"{s.Kind} {Text(s.BucketStart)} {Words(names, s.UserNumber)} {s.Label}", SumsOf<UsageByLabel>());

    public CounterTable<ApiKeyUsage> Keys { get; } =
        new(
            "api_key_usage",
            u => $"{u.ApiKeyId} {u.ModelId}",
            new("request_count", u => u.RequestCount, (u, v) => u.RequestCount = v),
            new("total_cost_nano_usd", u => u.TotalCostNanoUsd, (u, v) => u.TotalCostNanoUsd = v)
        );

    public CounterTable<UserAccount> Accounts { get; } =
        new(
            "user_accounts",
            a => a.UserId,
            new CounterColumn<UserAccount>("total_spent_nano_usd", a => a.TotalSpentNanoUsd, (a, v) => a.TotalSpentNanoUsd = v)
        );

    public CounterTable<BudgetSpend> Budgets { get; } =
        new(
            "budget_spend",
            s => $"{s.BudgetId} {s.SubjectId} {Text(s.WindowStart)}",
            new CounterColumn<BudgetSpend>("spent_nano_usd", s => s.SpentNanoUsd, (s, v) => s.SpentNanoUsd = v)
        );

    public long Compared =>
        Hourly.Compared + Daily.Compared + Totals.Compared + Labels.Compared + Keys.Compared + Accounts.Compared + Budgets.Compared;

    /// <summary>Adds rows of the ledger.</summary>
    public void Add(IReadOnlyList<UsageRecord> records)
    {
        foreach (var record in records)
        {
            record.Charges = BudgetCharges.Of(record, budgets);
        }
        Hourly.Add(UsageSums.Rollups<HourlyUsage>(records, UtcTime.HourOf));
        Daily.Add(UsageSums.Rollups<DailyUsage>(records, UtcTime.DayOf));
        Totals.Add(UsageSums.Totals(records));
        Labels.Add(UsageSums.Labels(records));
        Keys.Add(UsageSums.Keys(records));
        Accounts.Add(UsageSums.Accounts(records));
        Budgets.Add(UsageSums.Budgets(records));
    }

    /// <summary>Adds what rows that the retention has deleted left in the daily sums.</summary>
    public void AddDeleted(DailyUsage sum)
    {
        var model = names.GetValueOrDefault(sum.ModelNumber, "");
        if (names.TryGetValue(sum.ApiKeyNumber, out var key))
        {
            Keys.Add([
                new ApiKeyUsage
                {
                    ApiKeyId = key,
                    ModelId = model,
                    RequestCount = sum.Requests,
                    TotalCostNanoUsd = sum.TotalCostNanoUsd,
                    LastUsedAt = sum.BucketStart,
                },
            ]);
        }
        Accounts.Add([
            new UserAccount
            {
                UserId = names.GetValueOrDefault(sum.UserNumber, ""),
                TotalSpentNanoUsd = sum.TotalCostNanoUsd,
                UpdatedAt = sum.BucketStart,
            },
        ]);
    }

    /// <summary>
    /// Whether a stored window can be computed from rows: its budget exists, it is one of the budget's windows as they are now, and all its
    /// rows are there.
    /// </summary>
    public bool IsComputable(BudgetSpend stored) =>
        _budgets.TryGetValue(stored.BudgetId, out var budget)
        && (stored.WindowStart >= since || budget.CreatedAt >= since)
        && budget.Period.WindowAt(stored.WindowStart).Start == stored.WindowStart;

    private static CounterTable<T> RollupsOf<T>(string table, IReadOnlyDictionary<int, string> names)
        where T : UsageRollup =>
        new(
            table,
            r => $"{Text(r.BucketStart)} {Words(names, r.UserNumber, r.ApiKeyNumber, r.ModelNumber, r.TeamNumber, r.TierNumber)}",
            SumsOf<T>()
        );

    private static string Words(IReadOnlyDictionary<int, string> names, params int[] numbers) =>
        string.Join(' ', numbers.Select(n => n == 0 ? "" : names.GetValueOrDefault(n, $"#{n}")));

    private static CounterColumn<T>[] SumsOf<T>()
        where T : UsageSum =>
        [
            new("requests", r => r.Requests, (r, v) => r.Requests = v),
            new("counted_requests", r => r.CountedRequests, (r, v) => r.CountedRequests = v),
            new("failed_requests", r => r.FailedRequests, (r, v) => r.FailedRequests = v),
            new("estimated_requests", r => r.EstimatedRequests, (r, v) => r.EstimatedRequests = v),
            new("prepaid_requests", r => r.PrepaidRequests, (r, v) => r.PrepaidRequests = v),
            new("input_tokens", r => r.InputTokens, (r, v) => r.InputTokens = v),
            new("cache_read_tokens", r => r.CacheReadTokens, (r, v) => r.CacheReadTokens = v),
            new("cache_write_tokens", r => r.CacheWriteTokens, (r, v) => r.CacheWriteTokens = v),
            new("input_media_tokens", r => r.InputMediaTokens, (r, v) => r.InputMediaTokens = v),
            new("output_tokens", r => r.OutputTokens, (r, v) => r.OutputTokens = v),
            new("reasoning_tokens", r => r.ReasoningTokens, (r, v) => r.ReasoningTokens = v),
            new("output_media_tokens", r => r.OutputMediaTokens, (r, v) => r.OutputMediaTokens = v),
            new("total_cost_nano_usd", r => r.TotalCostNanoUsd, (r, v) => r.TotalCostNanoUsd = v),
            new("output_cost_nano_usd", r => r.OutputCostNanoUsd, (r, v) => r.OutputCostNanoUsd = v),
            new("upstream_cost_nano_usd", r => r.UpstreamCostNanoUsd, (r, v) => r.UpstreamCostNanoUsd = v),
        ];

    private static string Text(DateTime time) =>
        time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", System.Globalization.CultureInfo.InvariantCulture);
}

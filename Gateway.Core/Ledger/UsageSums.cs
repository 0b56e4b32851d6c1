using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>
/// Adds up ended calls, whose texts have numbers, for the tables of sums. Pure; rows come in the order of their keys, so that parallel
/// writers lock them in one order.
/// </summary>
public static class UsageSums
{
    /// <summary>Sums per bucket, user, key, model, team and tier.</summary>
    /// <param name="records">The calls.</param>
    /// <param name="bucketOf">The start of the bucket that a time is in.</param>
    public static IReadOnlyList<T> Rollups<T>(IEnumerable<UsageRecord> records, Func<DateTime, DateTime> bucketOf)
        where T : UsageRollup, new()
    {
        var sums = new Dictionary<(DateTime, int, int, int, int, int), T>();
        foreach (var record in records)
        {
            var of = record.Numbers;
            var key = (bucketOf(record.AdmittedAt), of.User, of.ApiKey, of.Model, of.Team, of.Tier);
            if (!sums.TryGetValue(key, out var sum))
            {
                sum = new T
                {
                    BucketStart = key.Item1,
                    UserNumber = of.User,
                    ApiKeyNumber = of.ApiKey,
                    ModelNumber = of.Model,
                    TeamNumber = of.Team,
                    TierNumber = of.Tier,
                };
                sums.Add(key, sum);
            }
            Add(sum, record);
        }
        return [.. sums.OrderBy(s => s.Key).Select(s => s.Value)];
    }

    /// <summary>Sums at each level of detail.</summary>
    public static IReadOnlyList<UsageTotals> Totals(IEnumerable<UsageRecord> records)
    {
        var sums = new Dictionary<(string, int, DateTime, int, int, int), UsageTotals>();
        foreach (var record in records)
        {
            foreach (var grain in UsageGrain.All)
            {
                var key = grain.KeyOf(record);
                if (!sums.TryGetValue(key, out var sum))
                {
                    sums.Add(
                        key,
                        sum = new UsageTotals
                        {
                            Grain = key.Grain,
                            UserNumber = key.User,
                            BucketStart = key.BucketStart,
                            TeamNumber = key.Team,
                            ModelNumber = key.Model,
                            TierNumber = key.Tier,
                        }
                    );
                }
                Add(sum, record);
            }
        }
        return [.. sums.OrderBy(s => s.Key).Select(s => s.Value)];
    }

    /// <summary>Sums per day, user and tag or end user.</summary>
    public static IReadOnlyList<UsageByLabel> Labels(IEnumerable<UsageRecord> records)
    {
        var sums = new Dictionary<(int Kind, DateTime Day, int User, string Label), UsageByLabel>();
        foreach (var record in records)
        {
            foreach (var (kind, label) in CallLabelSums.Of(record))
            {
                var key = (kind, UtcTime.DayOf(record.AdmittedAt), record.Numbers.User, label);
                if (!sums.TryGetValue(key, out var sum))
                {
                    sum = new UsageByLabel
                    {
                        Kind = kind,
                        BucketStart = key.Item2,
                        UserNumber = key.User,
                        Label = label,
                    };
                    sums.Add(key, sum);
                }
                Add(sum, record);
            }
        }
        return [.. sums.Values.OrderBy(s => (s.Kind, s.BucketStart, s.UserNumber)).ThenBy(s => s.Label, StringComparer.Ordinal)];
    }

    /// <summary>Sums per key and model.</summary>
    public static IReadOnlyList<ApiKeyUsage> Keys(IEnumerable<UsageRecord> records) =>
        [
            .. records
                .Where(r => r.ApiKeyId is not null)
                .GroupBy(r => (ApiKeyId: r.ApiKeyId!, r.ModelId))
                .OrderBy(g => g.Key)
                .Select(g => new ApiKeyUsage
                {
                    ApiKeyId = g.Key.ApiKeyId,
                    ModelId = g.Key.ModelId,
                    RequestCount = g.Count(r => r.CorrectsId is null),
                    TotalCostNanoUsd = g.SumOf(r => r.TotalCostNanoUsd),
                    LastUsedAt = g.Max(r => r.AdmittedAt),
                }),
        ];

    /// <summary>Sums per user; prepaid calls are taken off the balance.</summary>
    public static IReadOnlyList<UserAccount> Accounts(IEnumerable<UsageRecord> records) =>
        [
            .. records
                .GroupBy(r => r.UserId, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new UserAccount
                {
                    UserId = g.Key,
                    BalanceNanoUsd = Saturating.Subtract(0, Prepaid(g)),
                    TotalSpentNanoUsd = g.SumOf(r => r.TotalCostNanoUsd),
                    UpdatedAt = g.Max(r => r.EndedAt),
                }),
        ];

    /// <summary>What prepaid calls cost, nano-dollars.</summary>
    public static long Prepaid(IEnumerable<UsageRecord> records) => records.Where(r => r.IsPrepaid).SumOf(r => r.TotalCostNanoUsd);

    /// <summary>Sums per window of a budget.</summary>
    public static IReadOnlyList<BudgetSpend> Budgets(IEnumerable<UsageRecord> records) =>
        [
            .. records
                .SelectMany(r => r.Charges, (record, charge) => (record, charge))
                .GroupBy(c => c.charge, c => c.record)
                .OrderBy(g => g.Key.BudgetId, StringComparer.Ordinal)
                .ThenBy(g => g.Key.SubjectId, StringComparer.Ordinal)
                .ThenBy(g => g.Key.WindowStart)
                .Select(g => new BudgetSpend
                {
                    BudgetId = g.Key.BudgetId,
                    SubjectId = g.Key.SubjectId,
                    WindowStart = g.Key.WindowStart,
                    SpentNanoUsd = g.SumOf(r => r.TotalCostNanoUsd),
                    UpdatedAt = g.Max(r => r.EndedAt),
                }),
        ];

    private static void Add(UsageSum sum, UsageRecord record)
    {
        sum.Requests += record.CorrectsId is null ? 1 : 0;
        sum.CountedRequests += record.IsCounted ? 1 : 0;
        sum.FailedRequests += record.Status == RecordStatuses.Failed ? 1 : 0;
        sum.EstimatedRequests += record.UsageSource == UsageSources.Estimated ? 1 : 0;
        sum.PrepaidRequests += record is { IsPrepaid: true, TotalCostNanoUsd: not 0 } ? 1 : 0;
        for (var group = TokenGroup.Input; (int)group < TokenClasses.Groups; group++)
        {
            sum[group] = Saturating.Count((Int128)sum[group] + record.Usage.Of(group));
        }
        sum.TotalCostNanoUsd = Saturating.Add(sum.TotalCostNanoUsd, record.TotalCostNanoUsd);
        sum.OutputCostNanoUsd = Saturating.Add(sum.OutputCostNanoUsd, record.OutputCostNanoUsd);
        sum.UpstreamCostNanoUsd = Saturating.Add(sum.UpstreamCostNanoUsd, record.UpstreamCostNanoUsd ?? 0);
    }
}

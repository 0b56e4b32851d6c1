using Gateway.Admin.Tombstones;
using Gateway.Core;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>What a user called in a period, from the sums per hour (a day) or per day (a week, a month).</summary>
internal static class UsageStatistics
{
    /// <summary>The periods and how many days they look back.</summary>
    public static IReadOnlyDictionary<string, int> Periods { get; } =
        new Dictionary<string, int>
        {
            ["day"] = 1,
            ["week"] = 7,
            ["month"] = 30,
        };

    public static async Task<UsageStatsResponse> ReadAsync(
        HubDbContext db,
        string userId,
        string period,
        DateTime now,
        CancellationToken cancellationToken
    )
    {
        var from = period == "day" ? UtcTime.HourOf(now.AddHours(-23)) : UtcTime.DayOf(now).AddDays(1 - Periods[period]);
        var user = db.NumberOf(userId);
        IQueryable<UsageSum> sums =
            period == "day" ? db.HourlyUsage.Where(h => h.UserNumber == user.FirstOrDefault()) : db.DailyTotals(userId);
        var rows = await sums.Where(d => d.BucketStart >= from)
            .Counted()
            .GroupBy(d => new { d.ModelNumber, d.BucketStart })
            .Select(g => new Sum(
                g.Key.ModelNumber,
                g.Key.BucketStart,
                g.Sum(d => d.Requests),
                g.Sum(d => d.InputTokens / Saturating.Half),
                g.Sum(d => d.InputTokens % Saturating.Half),
                g.Sum(d => d.OutputTokens / Saturating.Half),
                g.Sum(d => d.OutputTokens % Saturating.Half),
                g.Sum(d => d.CostNanoUsd / Saturating.Half),
                g.Sum(d => d.CostNanoUsd % Saturating.Half)
            ))
            .ToListAsync(cancellationToken);
        var names = await db.NamesOfModelsAsync([.. rows.Select(r => r.ModelNumber).Distinct()], cancellationToken);
        var byModel = rows.GroupBy(r => names[r.ModelNumber])
            .Select(g => new ModelStatsResponse(
                g.Key,
                g.Sum(r => r.Requests),
                g.SumOf(r => r.Tokens),
                Money.UsdOf(g.SumOf(r => r.CostNanoUsd))
            ))
            .OrderByDescending(m => m.Cost)
            .ThenByDescending(m => m.Requests)
            .ThenBy(m => m.Model, StringComparer.Ordinal)
            .ToList();
        var byDay = rows.GroupBy(r => DateOnly.FromDateTime(r.BucketStart))
            .OrderBy(g => g.Key)
            .Select(g => new DayStatsResponse(
                g.Key.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                g.Sum(r => r.Requests),
                g.SumOf(r => r.Tokens),
                Money.UsdOf(g.SumOf(r => r.CostNanoUsd))
            ))
            .ToList();
        var (input, output) = (rows.SumOf(r => r.InputTokens), rows.SumOf(r => r.OutputTokens));
        return new UsageStatsResponse(
            period,
            from,
            now,
            Money.UsdOf(rows.SumOf(r => r.CostNanoUsd)),
            Saturating.Add(input, output),
            input,
            output,
            rows.Sum(r => r.Requests),
            byModel.MaxBy(m => m.Requests)?.Model ?? "",
            "USD",
            byModel,
            byDay
        );
    }

    // Each sum in two halves, as the database adds them up.
    private sealed record Sum(
        int ModelNumber,
        DateTime BucketStart,
        long Requests,
        long InputHigh,
        long InputLow,
        long OutputHigh,
        long OutputLow,
        long CostHigh,
        long CostLow
    )
    {
        public long InputTokens => Saturating.OfHalves(InputHigh, InputLow);

        public long OutputTokens => Saturating.OfHalves(OutputHigh, OutputLow);

        public long Tokens => Saturating.Add(InputTokens, OutputTokens);

        public long CostNanoUsd => Saturating.OfHalves(CostHigh, CostLow);
    }
}

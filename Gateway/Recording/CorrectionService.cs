using System.Data.Common;
using Gateway.Budgeting;
using Gateway.Core.Ledger;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Recording;

/// <summary>
/// Looks calls that were charged with their whole hold, because their node died, up in the upstream's book, and lowers the charge to what they used. A call that the
/// book does not have keeps its charge: nobody knows what it used.
/// </summary>
internal sealed partial class CorrectionService(
    IDbContextFactory<HubDbContext> databases, ISpendLog spendLog, PolicySource policy, BudgetBook book, UsageQueue queue, TimeProvider time, ILogger<CorrectionService> logger) : BackgroundService
{
    private const int MostCallsAtOnce = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // LiteLLM writes its rows in batches, a minute at most behind: younger rows may not be all.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    // What is not in the book after this never comes.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);

    // Both clocks, and the time that a call waits before it is sent.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>Lowers what can be lowered now.</summary>
    /// <returns>How many charges.</returns>
    /// <exception cref="SpendLogUnavailableException">The upstream's book cannot be read.</exception>
    public async Task<int> CorrectAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = await OpenAsync(db, cancellationToken);
        if (open.Count == 0)
        {
            return 0;
        }
        var found = await LookUpAsync(open, cancellationToken);
        if (found.Count == 0)
        {
            return 0;
        }
        var budgets = (await db.Budgets.AsNoTracking().ToListAsync(cancellationToken)).Select(ScopeQuotas.ToBudget).OfType<Budget>().ToList();
        foreach (var record in open.Where(r => found.ContainsKey(r.Id)))
        {
            var charges = await StoredAsync(db, BudgetBooking.ChargesOf(record, budgets), cancellationToken);
            var prices = policy.Current.Models.FirstOrDefault(m => m.Id == record.ModelId)?.Prices;
            var correction = Correction.Of(record, found[record.Id], prices, charges, time.UtcNow());
            foreach (var charge in charges)
            {
                book.Lower(charge, -correction.TotalCostNanoUsd);
            }
            await queue.EnqueueAsync(new SettledCall(correction, default));
            await queue.WhenWrittenAsync(record.UserId, Timeout.InfiniteTimeSpan);
        }
        Log.Corrected(logger, found.Count, open.Count);
        return found.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await CorrectAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is SpendLogUnavailableException or DbException or TimeoutException or InvalidOperationException { InnerException: DbException })
                {
                    Log.Failed(logger, fault.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private Task<List<UsageRecord>> OpenAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        var (oldest, newest) = (UtcTime.ToStored(time.UtcNow() - LookBack), UtcTime.ToStored(time.UtcNow() - Settling));
        return db.UsageRecords.AsNoTracking()
            .Where(r => r.UsageSource == "bound" && r.AdmittedAt >= oldest && r.EndedAt < newest && !db.UsageRecords.Any(c => c.CorrectsId == r.Id))
            .OrderByDescending(r => r.AdmittedAt).Take(MostCallsAtOnce)
            .ToListAsync(cancellationToken);
    }

    private async Task<Dictionary<string, List<SpendLogCall>>> LookUpAsync(List<UsageRecord> open, CancellationToken cancellationToken)
    {
        var wanted = open.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, List<SpendLogCall>> found = new(StringComparer.Ordinal);
        await foreach (var call in spendLog.ReadAsync(open.Min(r => r.AdmittedAt) - Slack, open.Max(r => r.EndedAt) + Slack, cancellationToken))
        {
            if (call.CallId is { } id && wanted.Contains(id))
            {
                (found.TryGetValue(id, out var calls) ? calls : found[id] = []).Add(call);
            }
        }
        return found;
    }

    // A window without a row is read from the ledger when it is needed, the correction included: nothing may be taken off it here.
    private static async Task<IReadOnlyList<BudgetCharge>> StoredAsync(HubDbContext db, IReadOnlyList<BudgetCharge> charges, CancellationToken cancellationToken)
    {
        var (ids, subjects) = (charges.Select(c => c.BudgetId).ToList(), charges.Select(c => c.SubjectId).Distinct().ToList());
        var stored = await db.BudgetSpend.AsNoTracking().Where(s => ids.Contains(s.BudgetId) && subjects.Contains(s.SubjectId)).Select(s => new { s.BudgetId, s.SubjectId, s.WindowStart }).ToListAsync(cancellationToken);
        return [.. charges.Where(c => stored.Any(s => s.BudgetId == c.BudgetId && s.SubjectId == c.SubjectId && s.WindowStart == c.WindowStart))];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Found} of {Open} calls that were charged with their whole hold, because their node died, are charged with what the upstream's book says.")]
        public static partial void Corrected(ILogger logger, int found, int open);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Charges of calls whose node died cannot be lowered now: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

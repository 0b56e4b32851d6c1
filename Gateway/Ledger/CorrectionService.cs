using Gateway.Core.Background;
using Gateway.Core.Ledger;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Looks calls that were charged with their whole hold, because their node died, up in the upstream's spend log, and lowers the charge to
/// what they used. A call that the book does not have keeps its charge: nobody knows what it used.
/// </summary>
internal sealed partial class CorrectionService(
    IDbContextFactory<HubDbContext> databases,
    ISpendLog spendLog,
    PolicySource policy,
    IMoneyKeeper money,
    UsageQueue queue,
    TimeProvider time,
    Rounds rounds,
    ILogger<CorrectionService> logger
) : PeriodicService("corrections", rounds)
{
    private const int MostCallsAtOnce = 1_000;

    // LiteLLM writes its rows in batches, some seconds later. The calls of one crash are looked for after this time, then after twice as
    // long, ...
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(2);

    // What is not in the book after this never comes.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);

    // Between the two clocks.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly Dictionary<DateTime, DateTime> _nextLooks = [];

    protected override TimeSpan Interval => TimeSpan.FromSeconds(30);

    /// <summary>Lowers what can be lowered now.</summary>
    /// <returns>How many charges.</returns>
    /// <exception cref="SpendLogUnavailableException">The upstream's book cannot be read.</exception>
    public async Task<int> CorrectAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (corrected, forgotten) = (0, time.UtcNow() - LookBack - LookBack);
        foreach (var crash in _nextLooks.Keys.Where(c => c < forgotten).ToList())
        {
            _nextLooks.Remove(crash);
        }
        // All calls of one crash ended, for the ledger, when the next start found them.
        foreach (var crash in (await OpenAsync(db, cancellationToken)).GroupBy(r => r.EndedAt).Where(c => IsDue(c.Key)))
        {
            var open = crash.ToList();
            foreach (var (record, calls) in await LookUpAsync(open, cancellationToken))
            {
                await CorrectAsync(db, record, calls, null, cancellationToken);
                corrected++;
            }
            Log.Corrected(logger, corrected, open.Count);
        }
        return corrected;
    }

    /// <summary>Settles a call that is charged with its hold with what its upstream says it used: once, by the row's own key.</summary>
    /// <param name="callId">The call's id.</param>
    /// <param name="used">What it used; of a batch, one for each of its calls.</param>
    /// <param name="prices">The prices that hold for it; null: those of its model now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when its row is not in the ledger yet.</returns>
    public async Task<bool> SettleAsync(string callId, List<SpendLogCall> used, PriceTable? prices, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var record = await db.UsageRecords.AsNoTracking().SingleOrDefaultAsync(r => r.Id == callId, cancellationToken);
        if (record is null)
        {
            return false;
        }
        var isOpen =
            record.UsageSource == UsageSources.Bound && !await db.UsageRecords.AnyAsync(r => r.CorrectsId == callId, cancellationToken);
        if (isOpen)
        {
            await CorrectAsync(db, record, used, prices, cancellationToken);
        }
        return true;
    }

    private bool IsDue(DateTime crash)
    {
        var now = time.UtcNow();
        if (now < _nextLooks.GetValueOrDefault(crash, crash + FirstLook))
        {
            return false;
        }
        _nextLooks[crash] = now + (now - crash);
        return true;
    }

    private async Task CorrectAsync(
        HubDbContext db,
        UsageRecord record,
        List<SpendLogCall> calls,
        PriceTable? prices,
        CancellationToken cancellationToken
    )
    {
        var budgets = (await db.Budgets.AsNoTracking().ToListAsync(cancellationToken)).Select(ScopeQuotas.ToBudget).OfType<Budget>();
        var charges = await StoredAsync(db, BudgetCharges.Of(record, budgets), cancellationToken);
        prices ??= policy.Current.Models.FirstOrDefault(m => m.Id == record.ModelId)?.ChargedPrices;
        var correction = Correction.Of(record, calls, prices, charges, time.UtcNow());
        foreach (var charge in correction.TotalCostNanoUsd < 0 ? charges : [])
        {
            money.Lower(charge, -correction.TotalCostNanoUsd);
        }
        money.Lower(DefaultBudget.ChargeOf(record.UserId, record.AdmittedAt), -correction.TotalCostNanoUsd);
        await queue.EnqueueAsync(new QueuedCall(correction, default));
        await queue.WhenWrittenAsync(record.UserId, Timeout.InfiniteTimeSpan); // the next look must find it
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => CorrectAsync(cancellationToken);

    private Task<List<UsageRecord>> OpenAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        var oldest = UtcTime.ToStored(time.UtcNow() - LookBack);
        return db.RecordsOf(
                db.LedgerEntries.Where(e => e.IsBound && e.AdmittedAt >= oldest && !db.LedgerEntries.Any(c => c.CorrectsId == e.Id))
            )
            .OrderByDescending(r => r.AdmittedAt)
            .Take(MostCallsAtOnce)
            .ToListAsync(cancellationToken);
    }

    private async Task<IEnumerable<(UsageRecord Record, List<SpendLogCall> Calls)>> LookUpAsync(
        List<UsageRecord> open,
        CancellationToken cancellationToken
    )
    {
        var found = open.ToDictionary(r => r.Id, r => (Record: r, Calls: new List<SpendLogCall>()), StringComparer.Ordinal);
        await foreach (
            var call in spendLog.ReadAsync(open.Min(r => r.AdmittedAt) - Slack, open.Max(r => r.AdmittedAt) + Slack, cancellationToken)
        )
        {
            if (call.CallIds.FirstOrDefault(found.ContainsKey) is { } id)
            {
                found[id].Calls.Add(call);
            }
        }
        return found.Values.Where(f => f.Calls.Count > 0);
    }

    // A window without a row is read from the ledger when it is needed, the correction included: nothing may be taken off it here.
    private static async Task<IReadOnlyList<BudgetCharge>> StoredAsync(
        HubDbContext db,
        IReadOnlyList<BudgetCharge> charges,
        CancellationToken cancellationToken
    )
    {
        var (ids, subjects) = (charges.Select(c => c.BudgetId).ToList(), charges.Select(c => c.SubjectId).Distinct().ToList());
        var stored = await db
            .BudgetSpend.AsNoTracking()
            .Where(s => ids.Contains(s.BudgetId) && subjects.Contains(s.SubjectId))
            .Select(s => new
            {
                s.BudgetId,
                s.SubjectId,
                s.WindowStart,
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. charges.Where(c =>
                stored.Any(s => s.BudgetId == c.BudgetId && s.SubjectId == c.SubjectId && s.WindowStart == c.WindowStart)
            ),
        ];
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Found} of {Open} calls that were charged with their whole hold, because their node died, are charged with what "
                + "the upstream's spend log says."
        )]
        public static partial void Corrected(ILogger logger, int found, int open);
    }
}

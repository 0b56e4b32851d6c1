using Gateway.Callers;
using Gateway.Core;
using Gateway.Core.Ledger;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Limits;

/// <summary>
/// Reads from the ledger what limits and budgets need at their first use on this node: after a restart, or after they were forgotten. What
/// is settled and still on its way to the database is waited for, so that nothing is missed.
/// </summary>
internal sealed class LedgerHistory(
    IDbContextFactory<HubDbContext> databases,
    DatabaseWatch database,
    UsageQueue queue,
    WriterGate gate,
    TimeProvider time
) : IUsageHistory, ISpendHistory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public long WrittenThrough => queue.WrittenThrough;

    public Task<PastUsage> ReadAsync(CounterKey key, DateTime dayStart, DateTime recentStart) =>
        AskAsync(
            CallerOf(key.Scope, key.ScopeId, key.SubjectId),
            async db =>
            {
                var records = Of(db.UsageRecords.AsNoTracking(), key.Scope, key.ScopeId, key.ModelId, key.SubjectId);
                var from = recentStart < dayStart ? recentStart : dayStart;
                var day = dayStart.AddDays(1);
                var sums = await records
                    .Where(r => r.AdmittedAt >= dayStart && r.AdmittedAt < day)
                    .GroupBy(r => 1)
                    .Select(g => new
                    {
                        Requests = g.Sum(r => r.IsCounted ? 1L : 0L),
                        High = g.Sum(r =>
                            (
                                EF.Property<long>(r, "InputTokens")
                                + EF.Property<long>(r, "CacheReadTokens")
                                + EF.Property<long>(r, "CacheWriteTokens")
                                + EF.Property<long>(r, "CacheWrite1hTokens")
                                + EF.Property<long>(r, "InputAudioTokens")
                                + EF.Property<long>(r, "InputImageTokens")
                                + EF.Property<long>(r, "InputVideoTokens")
                                + EF.Property<long>(r, "OutputTokens")
                                + EF.Property<long>(r, "ReasoningTokens")
                                + EF.Property<long>(r, "OutputAudioTokens")
                                + EF.Property<long>(r, "OutputImageTokens")
                            ) / Saturating.Half
                        ),
                        Low = g.Sum(r =>
                            (
                                EF.Property<long>(r, "InputTokens")
                                + EF.Property<long>(r, "CacheReadTokens")
                                + EF.Property<long>(r, "CacheWriteTokens")
                                + EF.Property<long>(r, "CacheWrite1hTokens")
                                + EF.Property<long>(r, "InputAudioTokens")
                                + EF.Property<long>(r, "InputImageTokens")
                                + EF.Property<long>(r, "InputVideoTokens")
                                + EF.Property<long>(r, "OutputTokens")
                                + EF.Property<long>(r, "ReasoningTokens")
                                + EF.Property<long>(r, "OutputAudioTokens")
                                + EF.Property<long>(r, "OutputImageTokens")
                            ) % Saturating.Half
                        ),
                    })
                    .SingleOrDefaultAsync();
                var recent = await records
                    .Where(r => r.AdmittedAt >= recentStart)
                    .Select(r => new
                    {
                        r.AdmittedAt,
                        r.IsCounted,
                        Tokens = EF.Property<long>(r, "InputTokens")
                            + EF.Property<long>(r, "CacheReadTokens")
                            + EF.Property<long>(r, "CacheWriteTokens")
                            + EF.Property<long>(r, "CacheWrite1hTokens")
                            + EF.Property<long>(r, "InputAudioTokens")
                            + EF.Property<long>(r, "InputImageTokens")
                            + EF.Property<long>(r, "InputVideoTokens")
                            + EF.Property<long>(r, "OutputTokens")
                            + EF.Property<long>(r, "ReasoningTokens")
                            + EF.Property<long>(r, "OutputAudioTokens")
                            + EF.Property<long>(r, "OutputImageTokens"),
                    })
                    .ToListAsync();
                return new PastUsage(
                    sums?.Requests ?? 0,
                    sums is null ? 0 : Saturating.Count(((Int128)sums.High * Saturating.Half) + sums.Low),
                    [.. recent.Select(r => new PastCalls(r.AdmittedAt, r.IsCounted ? 1 : 0, r.Tokens))]
                )
                {
                    MonthTokens = key is { Scope: QuotaScope.User, ModelId: null } ? await MonthTokensAsync(db, key.ScopeId, dayStart) : 0,
                };
            }
        );

    // From the sums, which are written with the rows.
    private static async Task<long> MonthTokensAsync(HubDbContext db, string userId, DateTime day)
    {
        var start = day.AddDays(1 - day.Day);
        var end = start.AddMonths(1);
        var days = await db.DailyTotals(userId)
            .Where(d => d.BucketStart >= start && d.BucketStart < end)
            .Select(d =>
                d.InputTokens
                + d.CacheReadTokens
                + d.CacheWriteTokens
                + d.InputMediaTokens
                + d.OutputTokens
                + d.ReasoningTokens
                + d.OutputMediaTokens
            )
            .ToListAsync();
        return Saturating.Count(days.SumOf(tokens => tokens));
    }

    public Task<StoredSpend> ReadSpendAsync(Budget budget, string subjectId, DateTime windowStart) =>
        AskAsync(
            CallerOf(budget.Scope, budget.ScopeId, subjectId),
            async db =>
            {
                if (budget.IsDefault)
                {
                    return await ReadMonthAsync(db, budget, windowStart);
                }
                var from = budget.CreatedAt > windowStart ? budget.CreatedAt : windowStart;
                var window = db.BudgetSpend.Where(s => s.BudgetId == budget.Id && s.SubjectId == subjectId && s.WindowStart == windowStart);
                // In one statement with its revision: imports become visible with theirs.
                var stored = await db
                    .PolicyRevisions.Select(r => new { r.Revision, Known = window.Max(s => (long?)s.SpentNanoUsd) })
                    .SingleAsync();
                if (stored.Known is { } known && budget.ChangedAt <= from)
                {
                    return new StoredSpend(known, stored.Revision);
                }
                var calls = CallsOf(db, budget, subjectId, from);
                return stored.Known is null && !await calls.AnyAsync()
                    ? new StoredSpend(0, stored.Revision)
                    : await CountSpendAsync(db, budget.Id, subjectId, windowStart, calls);
            }
        );

    // The daily sums are written with the rows, by traffic and by imports, and ledger check compares them: nothing else has to be kept for
    // a budget of whole UTC months. In one statement with its revision: imports become visible with theirs.
    private static async Task<StoredSpend> ReadMonthAsync(HubDbContext db, Budget budget, DateTime windowStart)
    {
        var end = budget.Period.WindowAt(windowStart).End;
        var days = db.DailyTotals(budget.ScopeId).Where(d => d.BucketStart >= windowStart && d.BucketStart < end);
        var read = await db
            .PolicyRevisions.Select(r => new { r.Revision, Spent = days.Sum(d => (long?)d.TotalCostNanoUsd) ?? 0 })
            .SingleAsync();
        return new StoredSpend(read.Spent, read.Revision);
    }

    // For a window that is new, or of a budget that was changed within it: a sum may stand there from a window that began with it and was
    // shorter, or miss calls that were booked in others meanwhile. The ledger tells what belongs to it. Under the writer's gate and, to
    // write, the revision's lock: what the writer or an import adds meanwhile would be overwritten.
    private async Task<StoredSpend> CountSpendAsync(
        HubDbContext db,
        string budgetId,
        string subjectId,
        DateTime windowStart,
        IQueryable<UsageRecord> calls
    )
    {
        var window = db.BudgetSpend.Where(s => s.BudgetId == budgetId && s.SubjectId == subjectId && s.WindowStart == windowStart);
        var counting = db.PolicyRevisions.Select(r => new
        {
            r.Revision,
            Known = window.Max(s => (long?)s.SpentNanoUsd),
            High = calls.Sum(c => c.TotalCostNanoUsd / Saturating.Half),
            Low = calls.Sum(c => c.TotalCostNanoUsd % Saturating.Half),
        });
        using (await gate.EnterAsync())
        {
            var counted = await counting.SingleAsync();
            if (Saturating.OfHalves(counted.High, counted.Low) != (counted.Known ?? 0))
            {
                await using var transaction = await db.Database.BeginTransactionAsync();
                await db.PolicyRevisions.ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision));
                counted = await counting.SingleAsync();
                var row =
                    await window.SingleOrDefaultAsync()
                    ?? db.BudgetSpend.Add(
                        new BudgetSpend
                        {
                            BudgetId = budgetId,
                            SubjectId = subjectId,
                            WindowStart = windowStart,
                        }
                    ).Entity;
                (row.SpentNanoUsd, row.UpdatedAt) = (Saturating.OfHalves(counted.High, counted.Low), time.UtcNow());
                await db.SaveChangesAsync();
                await transaction.CommitAsync();
            }
            return new StoredSpend(Saturating.OfHalves(counted.High, counted.Low), counted.Revision);
        }
    }

    private static IQueryable<UsageRecord> CallsOf(HubDbContext db, Budget budget, string subjectId, DateTime from) =>
        Of(
                db.UsageRecords.AsNoTracking(),
                budget.Scope,
                budget.ScopeId,
                budget.ModelId,
                budget.Scope == QuotaScope.TierModel ? subjectId : null
            )
            .Where(r => r.AdmittedAt >= from);

    // Under the writer's gate: between a batch and its confirmation the database's figure and ours overlap. Charges on their way are the
    // account's own business, and waiting for them would be waiting for the writer, which itself reads balances.
    public Task ReadBalanceAsync(string userId, Action<long> load) =>
        AskDatabaseAsync(async db =>
        {
            using (await gate.EnterAsync())
            {
                load(await db.UserAccounts.Where(a => a.UserId == userId).Select(a => a.BalanceNanoUsd).SingleOrDefaultAsync());
                return true;
            }
        });

    private static IQueryable<UsageRecord> Of(
        IQueryable<UsageRecord> records,
        QuotaScope scope,
        string scopeId,
        string? modelId,
        string? subjectId
    )
    {
        records = scope switch
        {
            QuotaScope.ApiKey => records.Where(r => r.ApiKeyId == scopeId),
            QuotaScope.User => records.Where(r => r.UserId == scopeId),
            QuotaScope.Team => records.Where(r => r.TeamId == scopeId),
            _ => records.Where(r => r.UserId == subjectId && r.TierId == scopeId),
        };
        return modelId is null ? records : records.Where(r => r.ModelId == modelId);
    }

    private static string CallerOf(QuotaScope scope, string scopeId, string? subjectId) =>
        scope == QuotaScope.TierModel ? subjectId ?? "" : scopeId;

    private async Task<T> AskAsync<T>(string callerId, Func<HubDbContext, Task<T>> ask)
    {
        try
        {
            await queue.WhenWrittenAsync(callerId, Patience);
        }
        catch (TimeoutException fault)
        {
            throw new CallerStoreUnavailableException(fault);
        }
        return await AskDatabaseAsync(ask);
    }

    private async Task<T> AskDatabaseAsync<T>(Func<HubDbContext, Task<T>> ask)
    {
        if (!await database.AnswersAsync())
        {
            throw new CallerStoreUnavailableException(new TimeoutException("The database did not answer when it was last looked at."));
        }
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            return await ask(db);
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            throw new CallerStoreUnavailableException(fault);
        }
    }
}

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
                var from = recentStart < dayStart ? recentStart : dayStart;
                var entries = await EntriesAsync(db, key.Scope, key.ScopeId, key.ModelId, key.SubjectId, from);
                var (requests, tokens) = await ReadDayAsync(db, key, entries, dayStart);
                var recent = await (
                    from entry in entries
                    join traits in db.LedgerTraits on entry.TraitsNumber equals traits.Number
                    where entry.AdmittedAt >= recentStart
                    select new
                    {
                        entry.AdmittedAt,
                        traits.IsCounted,
                        Tokens = (entry.InputTokens ?? 0)
                            + (entry.CacheReadTokens ?? 0)
                            + (entry.OutputTokens ?? 0)
                            + (entry.ReasoningTokens ?? 0)
                            + (entry.OtherTokens ?? 0),
                    }
                ).ToListAsync();
                return new PastUsage(requests, tokens, [.. recent.Select(r => new PastCalls(r.AdmittedAt, r.IsCounted ? 1 : 0, r.Tokens))])
                {
                    MonthTokens = key is { Scope: QuotaScope.User, ModelId: null } ? await MonthTokensAsync(db, key.ScopeId, dayStart) : 0,
                };
            }
        );

    private static Task<(long Requests, long Tokens)> ReadDayAsync(
        HubDbContext db,
        CounterKey key,
        IQueryable<LedgerEntry> entries,
        DateTime dayStart
    )
    {
        var day = dayStart.AddDays(1);
        if (key.Scope != QuotaScope.ApiKey || UtcTime.HourOf(dayStart) != dayStart)
        {
            return AddUpAsync(
                from entry in entries
                join traits in db.LedgerTraits on entry.TraitsNumber equals traits.Number
                where entry.AdmittedAt >= dayStart && entry.AdmittedAt < day
                select new DaySum
                {
                    Requests = traits.IsCounted ? 1L : 0L,
                    Tokens =
                        (entry.InputTokens ?? 0)
                        + (entry.CacheReadTokens ?? 0)
                        + (entry.OutputTokens ?? 0)
                        + (entry.ReasoningTokens ?? 0)
                        + (entry.OtherTokens ?? 0),
                }
            );
        }
        // Entries have no index by key; the sums, which are written with them, have one.
        var sums = HoursOf(db.HourlyUsage, db.NumberOf(key.ScopeId), key.ModelId is { } id ? db.NumberOf(id) : null);
        return AddUpAsync(
            sums.Where(h => h.BucketStart >= dayStart && h.BucketStart < day)
                .Counted()
                .Select(h => new DaySum { Requests = h.CountedRequests, Tokens = h.Tokens })
        );
    }

    private static async Task<(long Requests, long Tokens)> AddUpAsync(IQueryable<DaySum> parts)
    {
        var sums = await parts
            .GroupBy(_ => 1)
            .Select(g => new
            {
                Requests = g.Sum(p => p.Requests),
                High = g.Sum(p => p.Tokens / Saturating.Half),
                Low = g.Sum(p => p.Tokens % Saturating.Half),
            })
            .SingleOrDefaultAsync();
        return sums is null ? (0, 0) : (sums.Requests, Saturating.Count(((Int128)sums.High * Saturating.Half) + sums.Low));
    }

    private static IQueryable<HourlyUsage> HoursOf(IQueryable<HourlyUsage> hours, IQueryable<int?> key, IQueryable<int?>? model)
    {
        hours = hours.Where(h => h.ApiKeyNumber == key.FirstOrDefault());
        return model is null ? hours : hours.Where(h => h.ModelNumber == model.FirstOrDefault());
    }

    // From the sums, which are written with the rows.
    private static async Task<long> MonthTokensAsync(HubDbContext db, string userId, DateTime day)
    {
        var start = day.AddDays(1 - day.Day);
        var end = start.AddMonths(1);
        var days = await db.DailyTotals(userId)
            .Where(d => d.BucketStart >= start && d.BucketStart < end)
            .Counted()
            .Select(d => d.Tokens)
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
                var calls = (
                    await EntriesAsync(
                        db,
                        budget.Scope,
                        budget.ScopeId,
                        budget.ModelId,
                        budget.Scope == QuotaScope.TierModel ? subjectId : null,
                        from
                    )
                ).Where(e => e.AdmittedAt >= from);
                if (budget.EndUser is not null)
                {
                    calls = calls.Where(e => e.EndUser == subjectId);
                }
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
        IQueryable<LedgerEntry> calls
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

    private static async Task<IQueryable<LedgerEntry>> EntriesAsync(
        HubDbContext db,
        QuotaScope scope,
        string scopeId,
        string? modelId,
        string? subjectId,
        DateTime from
    )
    {
        // An id that the ledger does not know has no number, and no number would equal that of entries without a key or a team.
        var number = db.NumberOf(scopeId);
        var entries = db.LedgerEntries.AsNoTracking();
        switch (scope)
        {
            case QuotaScope.ApiKey:
                // Found by those who called with it, nearly always one: entries have no index by key.
                var day = UtcTime.DayOf(from);
                var users = await db
                    .DailyUsage.Where(d => d.ApiKeyNumber == number.FirstOrDefault() && d.BucketStart >= day)
                    .Select(d => d.UserNumber)
                    .Distinct()
                    .ToListAsync();
                entries = entries.Where(e =>
                    users.Contains(e.UserNumber) && e.ApiKeyNumber != null && e.ApiKeyNumber == number.FirstOrDefault()
                );
                break;
            case QuotaScope.User:
                entries = entries.Where(e => e.UserNumber == number.FirstOrDefault());
                break;
            case QuotaScope.Team:
                entries = entries.Where(e => e.TeamNumber != null && e.TeamNumber == number.FirstOrDefault());
                break;
            default:
                var subject = db.NumberOf(subjectId ?? "");
                entries = entries.Where(e =>
                    e.UserNumber == subject.FirstOrDefault()
                    && db.LedgerTraits.Any(t => t.Number == e.TraitsNumber && t.TierNumber == number.FirstOrDefault())
                );
                break;
        }
        if (modelId is null)
        {
            return entries;
        }
        var model = db.NumberOf(modelId);
        return entries.Where(e => e.ModelNumber == model.FirstOrDefault());
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
            return await DatabaseReads.RunAsync(async () =>
            {
                await using var db = await databases.CreateDbContextAsync();
                return await ask(db);
            });
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            throw new CallerStoreUnavailableException(fault);
        }
    }

    private sealed class DaySum
    {
        public long Requests { get; init; }

        public long Tokens { get; init; }
    }
}

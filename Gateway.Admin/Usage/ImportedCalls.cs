using Gateway.Admin.Changes;
using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>
/// Writes imported calls as traffic writes its own: the ledger's rows, the sums, the keys', the users' and the budgets'
/// counters, in one transaction. Sums are added to in SQL, so that traffic may write them at the same time.
/// </summary>
internal sealed class ImportedCalls(ChangeWriter changes, StoreProvider store, BudgetOptions options)
{
    /// <returns>How many were new.</returns>
    public async Task<int> WriteAsync(IReadOnlyList<ImportedCall> calls, CancellationToken cancellationToken)
    {
        if (calls.Count == 0)
        {
            return 0;
        }
        await using var change = await changes.BeginAsync(Actor.System, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken); // imports of two nodes must not both find a call missing
        var records = await NewOnesAsync(change.Db, calls, cancellationToken);
        if (records.Count == 0)
        {
            return 0;
        }
        var budgets = (await change.Db.Budgets.AsNoTracking().ToListAsync(cancellationToken))
            .Select(ScopeQuotas.ToBudget)
            .OfType<Budget>()
            .ToList();
        records.ForEach(r => r.Charges = BudgetCharges.Of(r, budgets));
        await change.Db.SaveChangesAsync(cancellationToken);
        await new LedgerDictionary(store).NumberAsync(change.Db, records, cancellationToken);
        var added = await new LedgerTables(store).AddAsync(change.Db, records, cancellationToken);
        var spends = UsageSums.Budgets(added);
        foreach (var spend in spends)
        {
            // Traffic counts it at once in the accounts that it has in memory.
            var raise = new SpendRaise(new BudgetCharge(spend.BudgetId, spend.SubjectId, spend.WindowStart), spend.SpentNanoUsd);
            change.Touch(ChangedEntities.BudgetSpend, spend.BudgetId, raise.ToEntityKey());
        }
        foreach (var calledBy in added.GroupBy(r => DefaultBudget.ChargeOf(r.UserId, r.AdmittedAt)))
        {
            // No sum of it is kept, but traffic may have it in memory.
            change.Touch(
                ChangedEntities.BudgetSpend,
                calledBy.Key.BudgetId,
                new SpendRaise(calledBy.Key, calledBy.Sum(r => r.TotalCostNanoUsd)).ToEntityKey()
            );
        }
        foreach (var userId in added.Select(r => r.UserId).Distinct())
        {
            change.Touch(ChangedEntities.User, userId); // traffic reads prepaid money again
        }
        change.AuditEvent("requests.imported", "request", "*", new Dictionary<string, object?> { ["created"] = added.Count });
        await change.CommitAsync(cancellationToken);
        return added.Count;
    }

    private async Task<List<UsageRecord>> NewOnesAsync(
        HubDbContext db,
        IReadOnlyList<ImportedCall> calls,
        CancellationToken cancellationToken
    )
    {
        var ids = calls.SelectMany(c => c.Row.CallIds.Append(c.Row.Id)).Distinct().ToList();
        var known = (await db.LedgerEntries.Where(r => ids.Contains(r.Id)).Select(r => r.Id).ToListAsync(cancellationToken)).ToHashSet(
            StringComparer.Ordinal
        );
        // What the retention has deleted must not come back.
        var since = (await db.LedgerHorizons.AsNoTracking().SingleOrDefaultAsync(cancellationToken))?.DeletedBefore ?? DateTime.UnixEpoch;
        return
        [
            .. calls
                .Where(c => c.Row.StartTime >= since && !known.Contains(c.Row.Id) && !c.Row.CallIds.Any(known.Contains))
                .Select(ToRecord),
        ];
    }

    private UsageRecord ToRecord(ImportedCall call)
    {
        var (row, payer, modelId) = call;
        return new UsageRecord
        {
            Id = row.Id,
            Attempts = 1,
            ExternalRequestId = row.RequestId,
            UserId = payer.UserId,
            ApiKeyId = payer.ApiKeyId,
            TeamId = payer.TeamId,
            TierId = payer.TierId,
            ModelId = modelId,
            ModelName = row.ModelName,
            Provider = row.Provider,
            CallType = row.CallType,
            Status = row.IsFailed ? RecordStatuses.Failed : RecordStatuses.Completed,
            Outcome = row.IsFailed ? "upstream_error" : "ok",
            HttpStatus = row.IsFailed ? StatusCodes.Status502BadGateway : StatusCodes.Status200OK,
            ServiceTier = "default",
            UsageSource = UsageSources.Reported,
            IsPrepaid = payer.BillingMode is { } mode ? mode == BillingModes.Prepaid : options.BillingMode == BillingMode.Prepaid,
            Usage = TokenUsage.OfText(row.InputTokens, row.OutputTokens),
            InputCostNanoUsd = row.Cost.NanoUsd - row.OutputCost.NanoUsd,
            OutputCostNanoUsd = row.OutputCost.NanoUsd,
            TotalCostNanoUsd = row.Cost.NanoUsd,
            UpstreamCostNanoUsd = row.Cost.NanoUsd,
            AdmittedAt = UtcTime.ToStored(row.StartTime),
            EndedAt = UtcTime.ToStored(row.EndTime),
            CacheHit = row.CacheHit,
        };
    }
}
